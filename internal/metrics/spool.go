package metrics

// Spool is what waits at this plumb for the hub of its fleet.
type Spool struct {
	Cases   int
	Bytes   int64
	Dropped uint64 // cases for which there was no room, since the start
}

var (
	spoolCases   = gauge("plumb_spool_cases", "Cases that wait for the hub.")
	spoolBytes   = gauge("plumb_spool_bytes", "What they take on the disk.")
	spoolDropped = counter("plumb_spool_dropped_total", "Cases for which there was no room.")
)

// ShowSpool shows a spool from now on, as read tells it at each scrape.
func (c *Collector) ShowSpool(read func() Spool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.spool = read
}

func (c *Collector) addSpool(p *page) {
	c.mu.Lock()
	read := c.spool
	c.mu.Unlock()
	if read == nil {
		return
	}
	s, l := read(), c.labels(nil)
	p.set(spoolCases, l, float64(s.Cases))
	p.set(spoolBytes, l, float64(s.Bytes))
	p.set(spoolDropped, l, float64(s.Dropped))
}
