package dev.curfew.spring;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.ResolvableType;

/** Finds the host's customizers of a builder. */
final class Customizers {
    private final BeanFactory beans;

    Customizers(BeanFactory beans) {
        this.beans = beans;
    }

    <B> void apply(Class<B> type, B builder) {
        beans.<CurfewCustomizer<B>>getBeanProvider(ResolvableType.forClassWithGenerics(CurfewCustomizer.class, type))
                .orderedStream()
                .forEach(customizer -> customizer.customize(builder));
    }
}
