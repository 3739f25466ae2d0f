package report

import "io"

func (r *Report) markdown(io.Writer) error { return nil }
func (r *Report) html(io.Writer) error     { return nil }
func (r *Report) sarif(io.Writer) error    { return nil }
func (r *Report) junit(io.Writer) error    { return nil }
