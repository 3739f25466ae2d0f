package node

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Record describes a snapshot; it is kept as JSON beside it.
type Record struct {
	PID         int            `json:"pid"`
	Worker      string         `json:"worker,omitempty"`
	Runtime     string         `json:"runtime"`
	NodeVersion string         `json:"nodeVersion"`
	V8Version   string         `json:"v8Version"`
	Time        time.Time      `json:"time"` // when the capture began, UTC
	Label       string         `json:"label"`
	CommandLine []string       `json:"commandLine"`
	Memory      RecordMemory   `json:"memory"`
	Bytes       int64          `json:"bytes"`   // of the snapshot, before compression
	Scripts     []RecordScript `json:"scripts"` // the numbers that its locations use
}

// RecordMemory is the program's memory around the capture.
type RecordMemory struct {
	Before Memory  `json:"before"`
	After  *Memory `json:"after,omitempty"` // nil when the program ended with the capture
}

// RecordScript is a [Script] with its id as snapshots write it.
type RecordScript struct {
	ID           int64  `json:"id"`
	URL          string `json:"url"`
	SourceMapURL string `json:"sourceMapURL,omitempty"`
}

func (r *Record) addScripts(scripts []Script) {
	for _, s := range scripts {
		if id, err := strconv.ParseInt(s.ID, 10, 64); err == nil {
			r.Scripts = append(r.Scripts, RecordScript{id, s.URL, s.SourceMapURL})
		}
	}
}

// write writes the record, whole or not at all.
func (r *Record) write(path string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	file, err := createPartial(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = file.Write(append(text, '\n'))
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
