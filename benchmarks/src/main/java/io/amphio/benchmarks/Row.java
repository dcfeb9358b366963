package io.amphio.benchmarks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A case, those who take part, and what was measured. */
final class Row {
    final String name;
    final List<Metric> metrics;
    final List<Contender> contenders;
    private final Map<String, Map<String, List<Double>>> values = new LinkedHashMap<>(); // by engine and metric

    Row(String name, List<Metric> metrics, List<Contender> contenders) {
        this.name = name;
        this.metrics = metrics;
        this.contenders = contenders;
    }

    void add(String engine, Map<String, Double> measured) {
        measured.forEach((metric, value) -> values.computeIfAbsent(engine, _ -> new LinkedHashMap<>())
                .computeIfAbsent(metric, _ -> new ArrayList<>())
                .add(value));
    }

    /** Returns all that was measured of one engine, in ascending order. */
    List<Double> values(String engine, String metric) {
        return values.getOrDefault(engine, Map.of()).getOrDefault(metric, List.of()).stream()
                .sorted()
                .toList();
    }

    /** Returns the median of what was measured, if anything was. */
    Optional<Double> median(String engine, Metric metric) {
        List<Double> all = values(engine, metric.name());
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() / 2));
    }

    /** Returns the best of a kind. */
    Optional<Contender> best(Contender.Kind kind, Metric metric) {
        return ranked(metric, one -> one.kind() == kind).findFirst();
    }

    private Optional<Double> best(Metric metric, Predicate<Contender> wanted) {
        return ranked(metric, wanted).findFirst().flatMap(one -> median(one.engine(), metric));
    }

    private Stream<Contender> ranked(Metric metric, Predicate<Contender> wanted) {
        Comparator<Contender> ascending =
                Comparator.comparing(one -> median(one.engine(), metric).orElseThrow());
        return contenders.stream()
                .filter(wanted)
                .filter(one -> median(one.engine(), metric).isPresent())
                .sorted(metric.lessIsBetter() ? ascending : ascending.reversed());
    }

    /** Returns how ours compares with a peer: ours divided by it. */
    Optional<Double> ratio(Metric metric, String peer) {
        Optional<Double> ours = best(Contender.Kind.OURS, metric).flatMap(one -> median(one.engine(), metric));
        Optional<Double> other = switch (peer) {
            case Metric.Target.LIMIT -> Optional.of(1.0);
            case Metric.Target.BEST -> best(metric, one -> one.kind() == Contender.Kind.PEER);
            case String group
            when group.endsWith("*") ->
                best(metric, one -> one.engine().startsWith(group.substring(0, group.length() - 1)));
            default -> median(peer, metric);
        };
        return ours.flatMap(mine -> other.filter(its -> its > 0).map(its -> mine / its));
    }

    /** Says of each target whether it is met, and if not by how much. */
    String verdict(Metric metric) {
        List<String> verdicts = new ArrayList<>();
        for (Metric.Target target : metric.targets()) {
            ratio(metric, target.peer()).ifPresent(ratio -> {
                double excess = metric.lessIsBetter() ? ratio / target.factor() : target.factor() / ratio;
                verdicts.add(excess <= 1 ? "met" : String.format(Locale.ROOT, "MISSED by %.0f %%", 100 * (excess - 1)));
            });
        }
        return String.join(", ", verdicts);
    }
}
