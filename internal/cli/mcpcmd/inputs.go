package mcpcmd

import "strconv"

// What the tools are asked; the tags become their schemas.
type (
	none struct{}

	// page is how many rows an answer has.
	page struct {
		Top int `json:"top,omitempty" jsonschema:"how many rows, 20 when it is not given, 200 at most"`
	}

	file struct {
		File string `json:"file" jsonschema:"path of a .heapsnapshot, also .gz or .zst"`
	}

	summary struct {
		file
		page

		Class string `json:"class,omitempty" jsonschema:"only classes whose name contains this"`
		Sort  string `json:"sort,omitempty" jsonschema:"name, count, distance, shallow or retained"`
		Since string `json:"since,omitempty" jsonschema:"path of an earlier snapshot: only objects that were made after it"`
	}

	compare struct {
		page

		Base   string `json:"base" jsonschema:"path of the earlier snapshot"`
		Target string `json:"target" jsonschema:"path of the later snapshot"`
		Class  string `json:"class,omitempty" jsonschema:"only classes whose name contains this"`
		Sort   string `json:"sort,omitempty" jsonschema:"name, new, deleted, delta, allocSize, freedSize or sizeDelta"`
	}

	growth struct {
		page

		Files []string `json:"files" jsonschema:"paths of snapshots of one process, in their order"`
	}

	finding struct {
		Files    []string `json:"files" jsonschema:"paths of two or more snapshots of one process, in their order"`
		Requests int      `json:"requests,omitempty" jsonschema:"requests between two of them, for figures per request"`
	}

	instances struct {
		file
		page

		Class string `json:"class" jsonschema:"as summary names it"`
		Since string `json:"since,omitempty" jsonschema:"path of an earlier snapshot: only objects that were made after it"`
	}

	object struct {
		file
		page

		ID string `json:"id" jsonschema:"the number after @"`
	}

	retainers struct {
		file
		page

		ID    string `json:"id" jsonschema:"the number after @"`
		Depth int    `json:"depth,omitempty" jsonschema:"levels, 1 to 10"`
	}

	whatif struct {
		file

		IDs []string `json:"ids" jsonschema:"the numbers after @"`
	}

	search struct {
		file
		page

		Text string `json:"text" jsonschema:"part of a name or string"`
	}

	lint struct {
		Paths     []string `json:"paths" jsonschema:"files and folders of sources"`
		Snapshots []string `json:"snapshots,omitempty" jsonschema:"paths of snapshots of the program, in their order"`
	}

	rule struct {
		Rule string `json:"rule" jsonschema:"its id, such as grow-only-collection"`
	}

	process struct {
		PID int `json:"pid" jsonschema:"process id, see list_processes"`
	}
)

const usual, mostRows = 20, 200

// rows is how many rows are asked for.
func (p page) rows() string {
	if p.Top <= 0 {
		return strconv.Itoa(usual)
	}
	return strconv.Itoa(min(p.Top, mostRows))
}
