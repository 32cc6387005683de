package chatql.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.bench.report.Plot.Axis;
import chatql.bench.report.Plot.Point;
import chatql.bench.report.Plot.Scale;
import chatql.bench.report.Plot.Tick;
import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class PlotTest {
    private final Axis across =
            new Axis("messages/s", Scale.LOGARITHMIC, List.of(new Tick(1, "1"), new Tick(100, "100")));
    private final Axis up = new Axis("ms", Scale.LINEAR, List.of(new Tick(0, "0"), new Tick(10, "10")));

    @Test
    void plotDrawsLineThroughPoints() throws Exception {
        String svg = new Plot("A <title> & more", across, up)
                .line("floor", List.of(new Point(1, 0), new Point(10, 5), new Point(100, 10)))
                .svg();

        var document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        var line = (Element) document.getElementsByTagName("polyline").item(0);
        assertThat(line.getAttribute("points")).isEqualTo("80.0,360.0 320.0,206.0 560.0,52.0");
    }

    @Test
    void pointBeyondAxisIsDrawnAtItsEnd() {
        String svg = new Plot("Beyond", across, up)
                .line("stock", List.of(new Point(1_000, 50)))
                .svg();

        assertThat(svg).contains("points=\"560.0,52.0\"");
    }
}
