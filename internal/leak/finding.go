package leak

// Verdict is what the evidence says.
type Verdict string

// The verdicts, by rising weight.
const (
	Healthy   Verdict = "healthy"   // nothing of the program's own grows
	Undecided Verdict = "undecided" // something grew, but it can be noise
	Leaking   Verdict = "leaking"   // something grew well past noise
)

// Result is what the snapshots say.
type Result struct {
	Verdict   Verdict        `json:"verdict"`
	Snapshots []SnapshotSize `json:"snapshots"`
	// Requests between two snapshots, 0 when not given.
	Requests int       `json:"requests,omitempty"`
	Findings []Finding `json:"findings"` // leaks first, then by share
	Classes  []Class   `json:"classes"`  // grew in every step; most new objects first
	Noise    []Noise   `json:"noise"`    // growth that is not the program's

	// Suspicions are what the sources suggest, when they are at hand, each with
	// what the snapshots say of it.
	Suspicions []Suspicion `json:"suspicions,omitempty"`

	// Sightings are what bears one of [Options.Names].
	Sightings []Sighting `json:"-"`

	// Uncounted are containers whose members the snapshots do not count, with no
	// verdict: who can ask the program how many there are calls [Result.Recount].
	Uncounted []Finding `json:"-"`
}

// SnapshotSize is the size of one snapshot.
type SnapshotSize struct {
	Nodes int    `json:"nodes"`
	Bytes uint64 `json:"bytes"`
}

// Finding is one place that keeps more and more objects.
type Finding struct {
	Verdict     Verdict `json:"verdict"`
	Reason      string  `json:"reason"` // why this verdict
	Fingerprint string  `json:"fingerprint"`
	Cause       Cause   `json:"cause"`
	Advice      string  `json:"advice"`
	Example     Example `json:"adviceExample,omitzero"`

	Variable  string    `json:"variable"` // "" when none was found
	Container Container `json:"container"`
	Member    Member    `json:"member"`
	// Declared is where the variable is, Made where the members come from.
	Declared Place `json:"declared"`
	Made     Place `json:"made"`

	// Counts are the members in each snapshot or, see [Finding.Sizes], bytes.
	// When the program itself was asked, they are those after each round.
	Counts     []int   `json:"counts"`
	Asked      bool    `json:"asked,omitempty"`
	PerStep    []int   `json:"perStep"`
	PerRequest float64 `json:"perRequest,omitempty"`
	Survivors  []int   `json:"survivors"` // of each step, in the last snapshot

	Objects   int    `json:"objects"` // new objects kept alive here
	Share     uint64 `json:"share"`   // bytes, what others keep too is split
	Exclusive uint64 `json:"exclusive"`
	Retainers int    `json:"retainers"` // independent references to the container

	Path []Step `json:"path"`

	// Grows is the line that puts the members in, when the sources show it.
	Grows *Place `json:"grows,omitempty"`

	// What a hunt adds: the thread whose heap it is ("" for the main one), the
	// line that allocated what stays, whether a baseline knows the leak already.
	Thread    string `json:"thread,omitempty"`
	Allocated *Place `json:"allocated,omitempty"`
	Known     bool   `json:"known,omitempty"`

	underWay string // why the growth can be work that ends by itself
	beyond   bool   // the container is inside a library's object
}

// Container is the object that grows.
type Container struct {
	Name  string `json:"name"` // the way to it: store.byId
	Class string `json:"class"`
	ID    uint64 `json:"id"`
	Kind  string `json:"kind"` // "container", "linked list", "many small containers" or "one object"
}

const oneObject = "one object"

// Sizes says whether the counts of a finding are sizes in bytes: not the
// number of objects grows but one of them.
func (f *Finding) Sizes() bool { return f.Container.Kind == oneObject }

func (f *Finding) sameVariable(other Finding) bool {
	return f.Variable == other.Variable && f.Declared == other.Declared
}

// Member is what it holds: the most frequent class of the new members.
type Member struct {
	Class string `json:"class"`
	ID    uint64 `json:"id"` // one of them
}

// Place is a place in the source; Line and Column count from 1, 0 is unknown.
type Place struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column,omitempty"`
	Function string `json:"function,omitempty"`
	// Exact is false when Line is the enclosing function's, because the source
	// was not at hand.
	Exact bool `json:"exact"`
}

// Step is one object of the retaining path and its reference to the next.
type Step struct {
	Object    string `json:"object"`
	ID        uint64 `json:"id"`
	Status    Status `json:"status"`
	Reason    string `json:"reason"`
	Reference string `json:"reference,omitempty"` // "" on the last one
	Suspect   bool   `json:"suspect"`             // the reference may be the mistake
}

// Status says whether an object of the path should be alive.
type Status string

// The statuses.
const (
	Expected Status = "Expected"
	Unknown  Status = "Unknown"
	Stuck    Status = "Stuck"
)

// Class is the growth of one class over the snapshots, whoever holds it.
type Class struct {
	Name   string `json:"name"`
	Counts []int  `json:"counts"`
}

// Noise is growth that says nothing about the program.
type Noise struct {
	Kind    string `json:"kind"`
	Objects int    `json:"objects"`
	Bytes   uint64 `json:"bytes"`
}
