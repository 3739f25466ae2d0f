package snapgen

import "strconv"

// words is what the text in strings is cut from.
const words = "the server answered in 12 ms and closed the connection /api/v2/users?page=3&limit=50 " +
	"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 " +
	"application/json; charset=utf-8 session-token eyJhbGciOiJIUzI1NiJ9 at Object.<anonymous> " +
	"select id, name, created_at from orders where customer_id = $1 order by created_at desc " +
	"node:internal/modules/cjs/loader 2024-05-17T09:30:00.000Z https://example.com/assets/app.js " +
	"error: connect refused by upstream, retrying in 500 ms with jitter and a longer explanation "

// fresh adds a text that is nowhere else: mostly 10 to 60 characters, one in
// fifty long, one in thirty with escapes.
func (w *world) fresh() uint32 {
	n := 8 + w.IntN(32)
	switch k := w.IntN(100); {
	case k < 2:
		n = 300 + w.IntN(700)
	case k < 24:
		n = 30 + w.IntN(60)
	}
	return w.freshOf(n)
}

func (w *world) freshOf(n int) uint32 {
	b := w.scratch[:0]
	w.serial++
	b = strconv.AppendUint(b, w.serial, 36)
	b = append(b, ' ')
	if w.IntN(30) == 0 {
		b = append(b, `\n\u00E9 \"\uD83D\uDE00\" `...)
	}
	for len(b) < n {
		from := w.IntN(len(words))
		b = append(b, words[from:min(len(words), from+n-len(b))]...)
	}
	w.scratch = b
	return w.text(string(b))
}

// str adds a string: a flat one with a text of its own or, now and then, the
// text of one before it; sometimes a concatenated or sliced one.
func (w *world) str() ref {
	switch k := w.IntN(100); {
	case k < 3:
		first, second := w.flat(w.fresh()), w.flat(w.fresh())
		n := w.node(concatenated, w.concatName, 32)
		w.edge(n, internal, w.first, first)
		w.edge(n, internal, w.second, second)
		w.edge(n, internal, w.mapName, w.stringMap)
		return n
	case k < 5:
		parent := w.flat(w.fresh())
		n := w.node(sliced, w.slicedName, 32)
		w.edge(n, internal, w.parent, parent)
		w.edge(n, internal, w.mapName, w.stringMap)
		return n
	case k < 17:
		return w.flat(w.recent[w.IntN(len(w.recent))])
	}
	text := w.fresh()
	w.recent[w.IntN(len(w.recent))] = text
	return w.flat(text)
}

func (w *world) flat(text uint32) ref {
	n := w.node(stringType, text, 16+8*uint32(w.IntN(8)))
	w.edge(n, internal, w.mapName, w.stringMap)
	return n
}
