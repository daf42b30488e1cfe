package org.colleaguesearch.source;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.colleaguesearch.demo.DemoSources;
import org.colleaguesearch.settings.Secret;
import org.colleaguesearch.settings.Settings;

/** The APIs that have a base URL, by name; without any, those of the demo. Immutable. */
public final class Apis {
    private final Map<String, NamedApi> byName = new TreeMap<>();

    /** {@code demo}: the base URL of the demo API, which answers as the default API, or null. */
    public Apis(Settings settings, URI demo) {
        settings.apis().forEach((name, api) -> {
            URI base = name.equals(Settings.DEFAULT_API) && demo != null ? demo : api.baseUrl();
            if (base != null) {
                put(name, api, base);
            }
        });
        if (demo != null) {
            Settings.Api like = settings.apis().get(Settings.DEFAULT_API);
            DemoSources.NAMES.forEach(
                    name -> put(name, like.withAuth(ofDemo(name)), URI.create(demo + "/apis/" + name)));
        }
    }

    private void put(String name, Settings.Api api, URI base) {
        byName.put(name, new NamedApi(name, api, new ApiUrls(name, base, api.auth())));
    }

    private static Settings.Auth ofDemo(String name) {
        return switch (name) {
            case "works" -> Settings.Auth.ofKeyInQuery("api_key", Secret.valueOf(DemoSources.KEY));
            case "directory" -> Settings.Auth.ofUser(DemoSources.USER, Secret.valueOf(DemoSources.PASSWORD));
            default -> Settings.Auth.NONE;
        };
    }

    /**
     * The absolute URL of a path or URL of an API.
     *
     * @throws IllegalArgumentException when there is no such API, or like {@link ApiUrls#resolve}
     */
    public String resolve(String api, String url) {
        return urls(api).resolve(url);
    }

    /** The URLs of an API; throws like {@link #resolve}. */
    public ApiUrls urls(String api) {
        return get(api).urls();
    }

    /** The settings of an API; throws like {@link #resolve}. */
    public Settings.Api settings(String api) {
        return get(api).settings();
    }

    NamedApi get(String name) {
        return Optional.ofNullable(byName.get(name))
                .orElseThrow(() -> new IllegalArgumentException("there is no API '" + name + "': "
                        + (byName.isEmpty() ? "" : "expected one of " + new TreeSet<>(byName.keySet()) + ", or ")
                        + "set colleagues.apis." + name + ".base-url"));
    }

    /** Whether a host and port, in the form of {@link Authority}, are those of a base URL. */
    boolean hasAuthority(String authority) {
        return byName.values().stream().anyMatch(api -> api.urls().authority().equals(authority));
    }

    void forEach(Consumer<NamedApi> action) {
        byName.values().forEach(action);
    }
}
