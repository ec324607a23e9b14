package dev.curfew.house;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/** What the module exports: the public API. */
final class Exports {
    private Exports() {}

    static Set<String> packages() {
        return ModuleFinder.of(Path.of("target", "classes")).findAll().stream()
                .flatMap(module -> module.descriptor().exports().stream())
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toSet());
    }
}
