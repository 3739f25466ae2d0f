package supervise

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/robfig/cron/v3"
)

// plan says when a life is to be restarted although nothing is wrong with it.
type plan struct {
	due    chan Reason
	closed chan struct{}
	helper sync.WaitGroup
}

// schedule reads the cron expression; nil without one.
func (a *App) schedule() (cron.Schedule, error) {
	if a.Cron == "" {
		return nil, nil
	}
	parser := cron.NewParser(cron.SecondOptional | cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor)
	return parser.Parse(a.Cron)
}

func (i *instance) plan() *plan {
	p := &plan{due: make(chan Reason), closed: make(chan struct{})}
	if schedule, err := i.app.schedule(); err == nil && schedule != nil {
		p.helper.Go(func() { p.clock(schedule) })
	}
	if len(i.app.Watch.Paths) > 0 {
		if err := i.watchFiles(p); err != nil {
			i.tell(Event{Kind: KindWarning, Text: "its files are not watched: " + err.Error(), Hint: "watch fewer folders (--watch), or ignore some (--ignore)"})
		}
	}
	return p
}

func (p *plan) stop() {
	close(p.closed)
	p.helper.Wait()
}

// say hands the reason over, unless the life ends first.
func (p *plan) say(r Reason) {
	select {
	case p.due <- r:
	case <-p.closed:
	}
}

func (p *plan) clock(schedule cron.Schedule) {
	for {
		now := time.Now()
		timer := time.NewTimer(schedule.Next(now).Sub(now))
		select {
		case <-timer.C:
			p.say(Cron)
		case <-p.closed:
			timer.Stop()
			return
		}
	}
}

// watchFiles watches folders, with all below them.
func (i *instance) watchFiles(p *plan) error {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	for _, root := range i.app.Watch.Paths {
		if !filepath.IsAbs(root) {
			root = filepath.Join(i.app.Dir, root)
		}
		if err := i.addFolders(watcher, root); err != nil {
			_ = watcher.Close()
			return err
		}
	}
	p.helper.Go(func() {
		defer watcher.Close()
		quiet := time.NewTimer(i.app.Watch.Quiet)
		quiet.Stop()
		for {
			select {
			case e, ok := <-watcher.Events:
				if !ok {
					return
				}
				if e.Op == fsnotify.Chmod || i.ignored(e.Name) {
					continue
				}
				if e.Has(fsnotify.Create) {
					_ = i.addFolders(watcher, e.Name) // a folder may have come
				}
				quiet.Reset(i.app.Watch.Quiet)
			case <-watcher.Errors: // too many at once: something has changed
				quiet.Reset(i.app.Watch.Quiet)
			case <-quiet.C:
				p.say(Changed)
			case <-p.closed:
				return
			}
		}
	})
	return nil
}

func (i *instance) addFolders(watcher *fsnotify.Watcher, root string) error {
	return filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && name == root:
			return err
		case err != nil:
			return nil // it has gone meanwhile
		case name != root && i.ignored(name):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !d.IsDir() && name != root:
			return nil
		}
		if err := watcher.Add(name); err != nil {
			return fmt.Errorf("watch %s: %w", name, err)
		}
		return nil
	})
}

// ignored tells what is no part of a program's source.
func (i *instance) ignored(name string) bool {
	base := filepath.Base(name)
	if base == "node_modules" || base == ".git" {
		return true
	}
	dir := i.app.Dir
	if dir == "" {
		dir, _ = os.Getwd()
	}
	below, err := filepath.Rel(dir, name)
	if err != nil {
		below = name
	}
	for _, pattern := range i.app.Watch.Ignore {
		pattern = filepath.ToSlash(filepath.Clean(pattern))
		if hit, _ := path.Match(pattern, base); hit || pattern == filepath.ToSlash(below) || pattern == filepath.ToSlash(name) {
			return true
		}
		if hit, _ := path.Match(pattern, filepath.ToSlash(below)); hit {
			return true
		}
	}
	return false
}
