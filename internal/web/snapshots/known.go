package snapshots

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// A file that is dropped onto the page mostly lies on this machine, where the browser
// must not say. So the page first sends a sample of it, and what is found to be the same
// file is opened where it lies: nothing is sent, and it has its index. Whoever asks has
// the content already, so that the answer tells him nothing new.
const (
	sampledPlaces = 64
	sampledBytes  = 4096 // at each; of a file that is no longer than all together, everything
)

type knownInput struct {
	Name     string `query:"name" required:"true" maxLength:"255" doc:"of the file"`
	Bytes    int64  `query:"bytes" required:"true" minimum:"1" doc:"its size"`
	Modified int64  `query:"modified" required:"true" doc:"when it was written, in milliseconds since 1970"`
	RawBody  []byte `contentType:"application/octet-stream"`
}

// Known is a file that is there already.
type Known struct {
	Snapshot *Snapshot `json:"snapshot,omitempty" doc:"the same file; absent when none is known"`
}

func (p *Part) registerKnown(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "known", Method: http.MethodPost, Path: "/api/snapshots/known", Summary: "Is a file here already?",
		Description:  "The body is a sample of it: 4096 bytes at each of 64 places, the place i from 0 to 63 at i * (bytes - 4096) / 63 rounded down; or all of a file of at most 262144 bytes. A file that is here begins to be opened.",
		MaxBodyBytes: sampledPlaces*sampledBytes + 1, // one that is reached is refused
	}, func(_ context.Context, in *knownInput) (*output[Known], error) {
		id, ok := p.shelf.recognize(in.Name, in.Bytes, time.UnixMilli(in.Modified), in.RawBody)
		if !ok {
			return &output[Known]{}, nil
		}
		shown, err := p.shelf.one(id)
		return answer(Known{&shown}, err)
	})
}

// recognize finds the file that a sample is from, on the shelf or where files are likely
// to be dropped from. It begins to open it.
func (s *Shelf) recognize(name string, size int64, modified time.Time, sample []byte) (id string, ok bool) {
	same := func(path string) bool {
		return filepath.Base(path) == name && sampled(path, size, modified, sample)
	}
	b := s.shelved(same)
	if b == nil {
		found := make(chan string, 1)
		folders := s.beside()
		go func() { found <- nearby(folders, same) }()
		path := ""
		select {
		case path = <-found:
		case <-time.After(longestSearch): // a disk of the network does not answer
		}
		if path == "" {
			return "", false
		}
		s.mu.Lock()
		b = s.add(path, name, File)
		s.mu.Unlock()
	}
	return b.id, s.Open(b.id) == nil
}

// shelved is the snapshot of the shelf that is the same, nil when none is.
func (s *Shelf) shelved(same func(path string) bool) *book {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.look()
	at := slices.IndexFunc(s.books, func(b *book) bool { return b.source != Upload && same(b.path) })
	if at < 0 {
		return nil
	}
	return s.books[at]
}

// beside lists the folders of the files that were named.
func (s *Shelf) beside() (folders []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.books {
		if b.source == File {
			folders = append(folders, filepath.Dir(b.path))
		}
	}
	return folders
}

// Folders are searched only as long as it takes less time than to send a large file.
const (
	mostSearched  = 3000
	longestSearch = time.Second
)

// nearby looks for a file in folders, in the working folder, among the temporary files
// and in the user's home folder, the upper folders first.
func nearby(folders []string, same func(path string) bool) (path string) {
	folders = append(folders, ".", os.TempDir())
	if home, err := os.UserHomeDir(); err == nil {
		folders = append(folders, home)
	}
	end := time.Now().Add(longestSearch)
	for i := 0; i < min(len(folders), mostSearched) && time.Now().Before(end); i++ {
		folder := folders[i]
		entries, _ := os.ReadDir(folder) // what cannot be read is not there
		for _, entry := range entries {
			path := filepath.Join(folder, entry.Name())
			switch {
			case entry.IsDir() && entry.Name() != "node_modules" && !strings.HasPrefix(entry.Name(), "."):
				folders = append(folders, path)
			case !entry.IsDir() && same(path):
				return path
			}
		}
	}
	return ""
}

// sampled says whether the file at path is one of a size and a time of change that a
// sample is from.
func sampled(path string, size int64, modified time.Time, sample []byte) bool {
	// What is no file, such as a pipe, could block who opens it.
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() || info.Size() != size || info.ModTime().UnixMilli() != modified.UnixMilli() {
		return false
	}
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	places, each := int64(sampledPlaces), int64(sampledBytes)
	if size <= places*each {
		places, each = 1, size
	}
	if int64(len(sample)) != places*each {
		return false
	}
	piece := make([]byte, each)
	for i := range places {
		at := i * (size - each) / max(1, places-1)
		if _, err := io.ReadFull(io.NewSectionReader(file, at, each), piece); err != nil || !slices.Equal(piece, sample[i*each:][:each]) {
			return false
		}
	}
	return true
}
