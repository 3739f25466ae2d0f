package index

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Write makes the index at path: into a temporary file in the same folder,
// synced, then renamed. When it fails nothing is left. The file can be read by
// its owner only, since a snapshot holds secrets. What a killed process left is
// removed when it is an hour old, by when no living one is still writing it.
func Write(ctx context.Context, path string, key Key, sections []Section) (err error) {
	prefix, suffix := "."+filepath.Base(path)+".", ".tmp"
	removeOld(filepath.Dir(path), prefix, suffix)
	tmp, err := os.CreateTemp(filepath.Dir(path), prefix+"*"+suffix) // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tmp.Close()
			_ = os.Remove(tmp.Name())
		}
	}()
	le := binary.LittleEndian
	head := make([]byte, headSize)
	if _, err := tmp.Write(head); err != nil {
		return err
	}
	offset := uint64(headSize)
	var table []byte
	for _, s := range sections {
		if len(s.Name) > 1<<16-1 {
			return fmt.Errorf("section name of %d bytes", len(s.Name))
		}
		if pad := -offset % align; pad > 0 {
			if _, err := tmp.Write(make([]byte, pad)); err != nil {
				return err
			}
			offset += pad
		}
		table = le.AppendUint16(table, uint16(len(s.Name)))
		table = append(table, s.Name...)
		table = le.AppendUint64(table, offset)
		table = le.AppendUint64(table, uint64(len(s.Data)))
		for rest := s.Data; len(rest) > 0; {
			if err := ctx.Err(); err != nil {
				return err
			}
			block := rest[:min(blockSize, len(rest))]
			rest = rest[len(block):]
			table = le.AppendUint32(table, crc32.Checksum(block, castagnoli))
			if _, err := tmp.Write(block); err != nil {
				return err
			}
		}
		offset += uint64(len(s.Data))
	}
	if _, err := tmp.Write(table); err != nil {
		return err
	}
	copy(head, magic)
	le.PutUint32(head[8:], Version)
	le.PutUint64(head[16:], uint64(key.Size))
	le.PutUint64(head[24:], uint64(key.ModTime))
	copy(head[32:], key.Sample[:])
	le.PutUint64(head[64:], offset+uint64(len(table)))
	le.PutUint64(head[72:], offset)
	le.PutUint32(head[12:], crc32.Update(crc32.Checksum(head[16:], castagnoli), castagnoli, table))
	if _, err := tmp.WriteAt(head, 0); err != nil {
		return err
	}
	if err := tmp.Sync(); err != nil {
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

func removeOld(dir, prefix, suffix string) {
	entries, _ := os.ReadDir(dir) // a folder that cannot be read is said by the next step
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), prefix) || !strings.HasSuffix(e.Name(), suffix) {
			continue
		}
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > time.Hour {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}
