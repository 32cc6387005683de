package chatql.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.util.DigestUtils;
import org.springframework.web.reactive.config.ResourceHandlerRegistry;
import org.springframework.web.reactive.config.WebFluxConfigurer;

/**
 * The chat page's files, which a browser may keep for as long as they are the same. What they are is told by what is in
 * them: a build that was taken back has older files, and dates would make them pass for newer ones.
 */
final class PageFiles implements WebFluxConfigurer {
    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/chat/**")
                .addResourceLocations("classpath:/static/chat/")
                .setCacheControl(CacheControl.noCache())
                .setUseLastModified(false)
                .setEtagGenerator(PageFiles::tag);
    }

    /** A weak one, for it is the same whether the file is compressed or not. */
    private static String tag(Resource file) {
        try (InputStream content = file.getInputStream()) {
            return "W/\"" + DigestUtils.md5DigestAsHex(content) + '"';
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
