window.onload = () => {
  window.ui = SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    // Nothing of what is looked at here goes to a server of theirs.
    validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis],
  });
};
