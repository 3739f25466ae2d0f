package export

import (
	"encoding/csv"
	"io"

	"github.com/jszwec/csvutil"
	"github.com/parquet-go/parquet-go"
)

// Parquet is for DuckDB, Polars, Spark and the like.
var Parquet = Format{Ending: ".parquet", nodes: parquetOf[Node], edges: parquetOf[Edge], strings: parquetOf[Text]}

func parquetOf[Row any](w io.Writer) Table[Row] {
	return parquet.NewGenericWriter[Row](w, parquet.Compression(&parquet.Zstd), parquet.CreatedBy("plumb", "", ""))
}

// CSV is for everything else (RFC 4180).
var CSV = Format{Ending: ".csv", nodes: csvOf[Node], edges: csvOf[Edge], strings: csvOf[Text]}

func csvOf[Row any](w io.Writer) Table[Row] {
	lines := csv.NewWriter(w)
	t := &csvTable[Row]{lines: lines, encoder: csvutil.NewEncoder(lines)}
	var row Row
	t.err = t.encoder.EncodeHeader(row) // also of a table without rows
	return t
}

type csvTable[Row any] struct {
	lines   *csv.Writer
	encoder *csvutil.Encoder
	err     error
}

func (t *csvTable[Row]) Write(rows []Row) (int, error) {
	if t.err == nil {
		t.err = t.encoder.Encode(rows)
	}
	return len(rows), t.err
}

func (t *csvTable[Row]) Close() error {
	t.lines.Flush()
	return t.lines.Error()
}
