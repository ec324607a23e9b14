package dev.curfew.spring;

import dev.curfew.session.DeviceInfo;
import dev.curfew.token.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Gives controllers the caller (as {@link Caller}, {@link dev.curfew.token.VerifiedToken} or
 * {@link dev.curfew.token.SessionCaller}) and the {@link DeviceInfo} of the request. Thread-safe.
 */
final class CallerArguments implements HandlerMethodArgumentResolver, WebMvcConfigurer {
    private final HostRequests requests;

    CallerArguments(HostRequests requests) {
        this.requests = requests;
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(this);
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        Class<?> type = parameter.nestedIfOptional().getNestedParameterType();
        return parameter.getParameterAnnotations().length == 0
                && (Caller.class.isAssignableFrom(type) || type == DeviceInfo.class);
    }

    @Override
    public @Nullable Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer model,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        HttpServletRequest in = (HttpServletRequest) request.getNativeRequest();
        Class<?> type = parameter.nestedIfOptional().getNestedParameterType();
        if (type == DeviceInfo.class) {
            return device(in);
        }
        Optional<Caller> caller = HostRequests.caller(in).filter(type::isInstance);
        if (parameter.getParameterType() == Optional.class) {
            return caller;
        }
        return caller.orElseThrow(() -> new NoCallerException(requests.refusal(in)));
    }

    private static DeviceInfo device(HttpServletRequest in) {
        String userAgent = in.getHeader("User-Agent");
        return DeviceInfo.fromRequest(userAgent == null ? "" : userAgent, in.getRemoteAddr());
    }
}
