package logfile

import (
	"bytes"
	"fmt"
	"time"
)

// run writes pending lines until the file is closed. It alone touches the disk.
func (f *File) run() {
	defer close(f.done)
	var spare []byte
	for range f.wake {
		spare = f.flush(spare)
	}
	f.flush(spare)
	if f.failure != nil {
		f.say(fmt.Sprintf("log file %s: %d lines were dropped", f.path, f.Dropped()))
	}
	_ = f.out.Close() // the lines are in it, or their loss has been said
}

// flush writes what is pending and returns a buffer to use again.
func (f *File) flush(spare []byte) []byte {
	f.mu.Lock()
	lines := f.pending
	f.pending = spare[:0]
	f.late = false
	lost := f.dropped - f.missing
	if f.room != nil {
		close(f.room)
		f.room = nil
	}
	f.mu.Unlock()
	if len(lines) == 0 {
		return lines
	}
	if f.failure != nil && time.Since(f.failed) < retry && !f.isClosed() {
		f.drop(lines)
		return lines
	}
	f.write(lines, lost)
	return lines
}

// write writes lines, and before them what is owed: the end of a line that was
// cut, and how many lines are missing.
func (f *File) write(lines []byte, lost int64) {
	if owed := f.owed(lost); len(owed) > 0 {
		n, err := f.out.Write(owed)
		if n > 0 {
			f.cut = owed[n-1] != '\n'
		}
		if err != nil {
			f.fail(err)
			f.drop(lines)
			return
		}
		f.missing += lost
	}
	n, err := f.out.Write(lines)
	if err != nil {
		whole := bytes.LastIndexByte(lines[:n], '\n') + 1
		f.cut = n > whole
		f.fail(err)
		f.drop(lines[whole:])
		return
	}
	if f.failure != nil {
		f.failure = nil
		f.say(fmt.Sprintf("log file %s is written again; %d lines were dropped", f.path, f.Dropped()))
	}
}

func (f *File) owed(lost int64) []byte {
	var owed []byte
	if f.cut {
		owed = append(owed, '\n')
	}
	if lost == 0 {
		return owed
	}
	message := fmt.Sprintf("%d lines were dropped here", lost)
	if f.json {
		owed = append(owed, object(Source{Stream: "plumb"}, time.Now().UTC().Format(timeLayout), message)...)
		return append(owed, '\n')
	}
	return fmt.Appendf(owed, "plumb: %s\n", message)
}

func (f *File) fail(err error) {
	f.failed = time.Now()
	if f.failure == nil {
		f.say(fmt.Sprintf("log file %s: %v: lines are dropped until it can be written again", f.path, pathless(err)))
	}
	f.failure = err
}

func (f *File) drop(lines []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dropped += count(lines)
}

func (f *File) isClosed() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.closed
}
