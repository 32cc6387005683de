package chatql.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FiguresTest {
    private final Figures figures = new Figures();

    @Test
    void ratioIsMedianOfPerRoundRatios() {
        add(Kind.FLOOR, 100, 10, 50);
        add(Kind.EDGE, 50, 8, 25);

        assertThat(figures.ratio("scene", Kind.EDGE, Kind.FLOOR, "rate")).hasValue(0.5);
        assertThat(figures.median("scene", Kind.EDGE, "rate")).hasValue(25);
    }

    @Test
    void differenceIsMedianOfPerRoundDifferences() {
        add(Kind.FLOOR, 11, 4, 3);
        add(Kind.EDGE, 17, 6, 18);

        assertThat(figures.above("scene", Kind.EDGE, Kind.FLOOR, "rate")).hasValue(6);
        assertThat(figures.median("scene", Kind.EDGE, "rate")).hasValue(17);
    }

    @Test
    void unmeasuredKindHasNoFigures() {
        add(Kind.FLOOR, 100);

        assertThat(figures.median("scene", Kind.EDGE, "rate")).isEmpty();
        assertThat(figures.ratio("scene", Kind.EDGE, Kind.FLOOR, "rate")).isEmpty();
    }

    @Test
    void numbersHaveThreeSignificantDigits() {
        assertThat(Report.number(0.12345)).isEqualTo("0.123");
        assertThat(Report.number(1.5)).isEqualTo("1.5");
        assertThat(Report.number(100)).isEqualTo("100");
        assertThat(Report.number(12_345.6)).isEqualTo("12,346");
        assertThat(Report.number(0)).isEqualTo("0");
    }

    private void add(Kind kind, double... rounds) {
        for (double round : rounds) {
            figures.add("scene", kind, "rate", round);
        }
    }
}
