package metrics

var (
	httpMilliseconds = histogram("http_request_duration_ms", "Duration of HTTP requests in milliseconds, by route of the router.")
	httpSeconds      = histogram("http_request_duration_seconds", "Duration of HTTP requests in seconds, by route of the router.")
)

// The bounds of prom-client, 0.005 to 10, in both units. Those in milliseconds
// are counted as well where they are seconds.
var (
	millisecondBounds = []float64{
		0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000,
	}
	secondBounds = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}
)

func (e *exchange) addTo(p *page, l labels) {
	l = l.with("method", e.Method, "route", e.Route, "code", e.Code)
	p.observed(httpMilliseconds, l, millisecondBounds, e.Counts, e.Sum)

	// What is within 5 ms is in several buckets of milliseconds.
	within := len(millisecondBounds) - len(secondBounds) + 1
	counts := append(make([]uint64, 1), e.Counts[within:]...)
	for _, n := range e.Counts[:within] {
		counts[0] += n
	}
	p.observed(httpSeconds, l, secondBounds, counts, e.Sum/1000)
}
