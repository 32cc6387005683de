package chatql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromQlTest {
    private static final PromQl QUERY = new PromQl("""
            histogram_quantile(0.99, sum by (le, kind) (rate(a_bucket{instance=~"x.{2}(y)", z!="by"}[$__rate_interval])))
              > 1e3 and on (pod) max(b) or vector(0) unless up == 0""");

    @Test
    void metricNamesAreParsedAndNothingElse() {
        assertThat(QUERY.metrics()).containsExactly("a_bucket", "b", "up");
    }

    @Test
    void labelsOfMatchersAndGroupingsAreParsed() {
        assertThat(QUERY.labels()).containsExactly("instance", "kind", "le", "pod", "z");
    }
}
