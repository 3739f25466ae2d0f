package democmd

import "regexp"

// openPage shows the folder in the browser: snapshots, findings, the program that is
// kept up.
func (s *stage) openPage() error {
	s.pages = true
	page, err := s.begin(s.command(s.plumb, "open", "."), "plumb open")
	if err != nil {
		return err
	}
	found, err := page.says(s.ctx, regexp.MustCompile(`http://\S+`))
	if err != nil {
		return err
	}
	s.say("In the browser: %s", found[0])
	return nil
}
