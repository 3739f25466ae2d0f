package terminal

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
)

// mixed has every kind of column and awkward text: a lone surrogate, wide
// characters, an escape sequence, HTML.
func mixed() *Table {
	return &Table{
		Columns: []Column{
			{Key: "key"},
			{Key: "name", Title: "Constructor", Kind: Words},
			{Key: "id", Title: "Id", Kind: Number},
			{Key: "new", Title: "New", Kind: Count},
			{Key: "delta", Title: "Delta", Kind: Change},
			{Key: "distance", Title: "Distance", Kind: Distance},
			{Key: "shallow", Title: "Shallow", Kind: Kilobytes},
			{Key: "freed", Title: "Freed", Kind: Size},
			{Key: "sizeDelta", Title: "Size delta", Kind: Growth},
			{Key: "share", Title: "Share", Kind: Percent},
		},
		Rows: [][]any{
			{"1", "(string)", 12345, 7000, 7000, int32(2), uint64(1234567), uint64(99), int64(1000), 12.5},
			{"2", "a\x1b[2J\n<b>\xed\xa0\xbd", 3, 0, -2, int32(100_000_002), uint64(8), uint64(1500), int64(-64), 0.25},
			{"3", "日本語", nil, 1, 0, int32(-5), uint64(0), uint64(0), int64(0), 100.0},
		},
		Empty:  "no classes: the filter matches nothing",
		Footer: "3 of 5 classes; --all shows the rest",
	}
}

func show(t *testing.T, ui *UI, table *Table) string {
	t.Helper()
	var out bytes.Buffer
	ui.Out = &out
	if err := ui.PrintTable(table); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestTableText(t *testing.T) {
	t.Setenv("COLUMNS", "")
	want := `
Constructor          Id    New   Delta  Distance   Shallow   Freed  Size delta  Share
(string)          12345  7,000  +7,000         2  1,235 kB    99 B     +1.0 kB   13 %
a\u001b[2J\n<b>�      3      0      −2         −    0.0 kB  1.5 kB       −64 B    0 %
日本語                       1       0         −    0.0 kB     0 B         0 B  100 %
3 of 5 classes; --all shows the rest
`[1:]
	if diff := cmp.Diff(want, show(t, &UI{}, mixed())); diff != "" {
		t.Error(diff)
	}
}

func TestTableExactBytes(t *testing.T) {
	t.Setenv("COLUMNS", "")
	got := show(t, &UI{Bytes: true}, mixed())
	for _, want := range []string{"1,234,567", "1,500", "+1,000", "−64"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestTableFitsTheLine(t *testing.T) {
	long := mixed()
	long.Rows[2][1] = strings.Repeat("長い名前", 30)
	for _, columns := range []int{90, 100, 200} {
		t.Setenv("COLUMNS", strconv.Itoa(columns))
		got := show(t, &UI{}, long)
		for line := range strings.Lines(got) {
			if w := ansi.StringWidth(strings.TrimSuffix(line, "\n")); w > columns {
				t.Errorf("%d columns at COLUMNS=%d: %q", w, columns, line)
			}
		}
		if !strings.Contains(got, "…") {
			t.Errorf("nothing is cut at COLUMNS=%d", columns)
		}
	}
}

func TestTableCSV(t *testing.T) {
	want := "key,name,id,new,delta,distance,shallow,freed,sizeDelta,share\n" +
		"1,(string),12345,7000,7000,2,1234567,99,1000,12.5\n" +
		"2,\"a\x1b[2J\n<b>\ufffd\",3,0,-2,100000002,8,1500,-64,0.25\n" +
		"3,日本語,,1,0,-5,0,0,0,100\n"
	if diff := cmp.Diff(want, show(t, &UI{CSV: true}, mixed())); diff != "" {
		t.Error(diff)
	}
}

func TestTableJSON(t *testing.T) {
	want := `{"rows":[` +
		`{"key":"1","name":"(string)","id":12345,"new":7000,"delta":7000,"distance":2,"shallow":1234567,"freed":99,"sizeDelta":1000,"share":12.5},` +
		`{"key":"2","name":"a\u001b[2J\n<b>` + "\ufffd" + `","id":3,"new":0,"delta":-2,"distance":100000002,"shallow":8,"freed":1500,"sizeDelta":-64,"share":0.25},` +
		`{"key":"3","name":"日本語","id":null,"new":1,"delta":0,"distance":-5,"shallow":0,"freed":0,"sizeDelta":0,"share":100}` +
		"]}\n"
	if diff := cmp.Diff(want, show(t, &UI{JSON: true}, mixed())); diff != "" {
		t.Error(diff)
	}
}

func TestEmptyTable(t *testing.T) {
	empty := mixed()
	empty.Rows = nil
	for form, want := range map[*UI]string{
		{}:           "no classes: the filter matches nothing\n",
		{JSON: true}: `{"rows":[],"note":"no classes: the filter matches nothing"}` + "\n",
		{CSV: true}:  "key,name,id,new,delta,distance,shallow,freed,sizeDelta,share\n",
	} {
		if diff := cmp.Diff(want, show(t, form, empty)); diff != "" {
			t.Error(diff)
		}
	}
}
