package metrics

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// metric is what a family of samples is called.
type metric struct {
	name, kind, help string
}

func gauge(name, help string) *metric     { return &metric{name, "gauge", help} }
func counter(name, help string) *metric   { return &metric{name, "counter", help} }
func histogram(name, help string) *metric { return &metric{name, "histogram", help} }

// page is what one scrape gives: the lines of each family. They are written as
// they come. Values that a registry checks and an encoder writes afterwards take
// three times as long, for thousands of samples a second time and for nothing:
// that what is written is right is checked by tests, against that encoder.
type page struct {
	open  bool // OpenMetrics
	lines map[*metric][]byte
	whole []byte
}

func newPage() *page { return &page{lines: map[*metric][]byte{}} }

// clear makes an empty page of one that is no longer needed, in the same memory.
func (p *page) clear(open bool) {
	p.open = open
	for m, lines := range p.lines {
		p.lines[m] = lines[:0]
	}
}

// labels are those of a sample, as they are written.
type labels string

var escape = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)

// with adds labels: names and values in turn.
func (l labels) with(pairs ...string) labels {
	b := make([]byte, 0, 128)
	b = append(b, l...)
	for i := 0; i < len(pairs); i += 2 {
		if len(b) > 0 {
			b = append(b, ',')
		}
		b = append(append(b, pairs[i]...), '=', '"')
		value := pairs[i+1]
		if strings.ContainsAny(value, "\\\n\"") {
			value = escape.Replace(value)
		}
		b = append(append(b, strings.ToValidUTF8(value, "\uFFFD")...), '"')
	}
	return labels(b)
}

// set adds a gauge or a counter.
func (p *page) set(m *metric, l labels, value float64) {
	p.lines[m] = append(p.number(named(p.lines[m], m.name, "", l), value), '\n')
}

// observed adds a histogram. counts has one more than bounds: what was above all
// of them.
func (p *page) observed(m *metric, l labels, bounds []float64, counts []uint64, sum float64) {
	b := p.lines[m]
	bucket := l
	if l != "" {
		bucket += ","
	}
	var total uint64
	for i, n := range counts {
		total += n
		b = append(append(append(append(b, m.name...), "_bucket{"...), bucket...), `le="`...)
		if i < len(bounds) {
			b = p.number(b, bounds[i])
		} else {
			b = append(b, "+Inf"...)
		}
		b = append(strconv.AppendUint(append(b, `"} `...), total, 10), '\n')
	}
	b = append(p.number(named(b, m.name, "_sum", l), sum), '\n')
	p.lines[m] = append(strconv.AppendUint(named(b, m.name, "_count", l), total, 10), '\n')
}

// named begins a line.
func named(b []byte, name, suffix string, l labels) []byte {
	b = append(append(b, name...), suffix...)
	if l != "" {
		b = append(append(append(b, '{'), l...), '}')
	}
	return append(b, ' ')
}

// number writes a number; OpenMetrics wants a point in it.
func (p *page) number(b []byte, value float64) []byte {
	start := len(b)
	b = strconv.AppendFloat(b, value, 'g', -1, 64)
	if p.open && !bytes.ContainsAny(b[start:], ".eNI") {
		b = append(b, ".0"...)
	}
	return b
}

// text puts the families together, by name. It is valid until the page is cleared.
func (p *page) text() []byte {
	b := p.whole[:0]
	for _, m := range slices.SortedFunc(maps.Keys(p.lines), func(a, b *metric) int { return cmp.Compare(a.name, b.name) }) {
		if len(p.lines[m]) == 0 {
			continue
		}
		name := m.name
		if p.open && m.kind == "counter" {
			name = strings.TrimSuffix(name, "_total")
		}
		for _, part := range []string{"# HELP ", name, " ", m.help, "\n# TYPE ", name, " ", m.kind, "\n"} {
			b = append(b, part...)
		}
		b = append(b, p.lines[m]...)
	}
	if p.open {
		b = append(b, "# EOF\n"...)
	}
	p.whole = b
	return b
}
