package dev.curfew.examples.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the figures are taken on, and how busy it was when that began. Immutable. */
final class Machine {
    private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
    private static final Path HUGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
    private static final Pattern MODEL = Pattern.compile("(?m)^model name\\s*:\\s*(.+)$");
    private static final Pattern CHOSEN = Pattern.compile("\\[(\\w+)]");
    /** Of each core, before anything of ours ran. */
    private static final double QUIET_LOAD = 0.25;

    private final double loadAtBegin;

    Machine(double loadAtBegin) {
        this.loadAtBegin = loadAtBegin;
    }

    /** This one, before anything is measured. */
    static Machine now() {
        return new Machine(load());
    }

    /** Notes the cores, and the load of the last minute at begin and end: how many programs ran or wanted to. */
    void report(Report report) {
        report.alone("machine.cores", cores(), "");
        if (loadAtBegin >= 0) {
            report.alone("machine.load.begin", loadAtBegin, "");
            report.alone("machine.load.end", load(), "");
        }
    }

    void print(PrintStream out) {
        out.printf(
                Locale.ROOT,
                "%s, %d cores, %s %s; JDK %s; transparent huge pages: %s%n",
                find(PROCESSOR, MODEL),
                cores(),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                Runtime.version(),
                find(HUGE_PAGES, CHOSEN));
        if (loadAtBegin > QUIET_LOAD * cores()) {
            out.printf(
                    Locale.ROOT,
                    "This machine was not idle: its load was %.1f when the run began. Read the ranges, and not the"
                            + " figures.%n",
                    loadAtBegin);
        }
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** Of the last minute; negative where the system does not tell. */
    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static String find(Path file, Pattern pattern) {
        try {
            Matcher found = pattern.matcher(Files.readString(file));
            return found.find() ? found.group(1).strip() : "unknown";
        } catch (IOException e) {
            return "unknown";
        }
    }
}
