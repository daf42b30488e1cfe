package org.colleaguesearch.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Serves the contract and the bundled Swagger UI. Stateless. */
@Controller
@ConditionalOnWebApplication
class ApiPage implements WebMvcConfigurer {
    private static final String PAGE = "/swagger-ui/";

    /** The webjar; the folder is named after its version. */
    private static final String SWAGGER_UI = "classpath*:META-INF/resources/webjars/swagger-ui/*/index.html";

    private final ApiContract contract;

    ApiPage(ApiContract contract) {
        this.contract = contract;
    }

    @GetMapping(path = "/openapi.json", produces = MediaType.APPLICATION_JSON_VALUE)
    @ResponseBody
    String contract() {
        return contract.json();
    }

    @Override
    public void addViewControllers(ViewControllerRegistry views) {
        views.addRedirectViewController("/", PAGE + "index.html");
        views.addRedirectViewController("/swagger-ui", PAGE + "index.html");
        views.addRedirectViewController(PAGE, PAGE + "index.html");
    }

    /** Our own folder comes first: its initializer loads our contract instead of the pet store. */
    @Override
    public void addResourceHandlers(ResourceHandlerRegistry resources) {
        try {
            Resource index = new PathMatchingResourcePatternResolver().getResources(SWAGGER_UI)[0];
            resources
                    .addResourceHandler(PAGE + "**")
                    .addResourceLocations(
                            "classpath:/swagger-ui/",
                            index.createRelative("").getURL().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
