package labcmd

import (
	"context"
	"fmt"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/lab"
	"github.com/plumb-dev/plumb/internal/lab/simulate"
)

// model is a trace at one of its steps, on a terminal.
type model struct {
	painter
	trace  *lab.Trace
	at     int // from 1
	height int
	digits string // of the step to jump to, as far as typed

	marking *simulate.Result // of this step, while mark and sweep is shown
	waves   int              // so many of it

	playing bool
	pause   time.Duration // between two steps
	beat    int           // of the playing that is under way: ticks of another are late
}

const (
	slowest = 4 * time.Second
	fastest = 30 * time.Millisecond
)

type tick struct{ beat int }

// play shows a trace until the user leaves.
func play(ctx context.Context, ui *terminal.UI, t *lab.Trace, v8 bool) error {
	m := model{painter: painter{ui: ui, w: ui.Out, v8: v8, width: ui.Width()}, trace: t, at: 1, pause: 500 * time.Millisecond}
	_, err := tea.NewProgram(m, tea.WithContext(ctx), tea.WithInput(ui.In), tea.WithOutput(ui.Out)).Run()
	return err
}

func (m model) Init() tea.Cmd { return nil }

func (m model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case tick:
		if !m.playing || msg.beat != m.beat {
			return m, nil
		}
		m.move(1)
		m.playing = m.at < len(m.trace.Steps)
		return m, m.next()
	case tea.KeyPressMsg:
		return m.press(msg.String())
	}
	return m, nil
}

func (m model) press(key string) (tea.Model, tea.Cmd) {
	if len(key) == 1 && key[0] >= '0' && key[0] <= '9' {
		m.digits += key
		return m, nil
	}
	digits := m.digits
	m.digits = ""
	if key == "m" {
		return m.mark(), nil
	}
	if m.marking != nil {
		m.marking = nil
		if key == "esc" {
			return m, nil
		}
	}
	switch key {
	case "q", "ctrl+c", "esc":
		return m, tea.Quit
	case "right", "l", "n", "space", "down", "j":
		m.move(1)
	case "left", "h", "b", "up", "k":
		m.move(-1)
	case "pgdown":
		m.move(10)
	case "pgup":
		m.move(-10)
	case "home", "g":
		m.at = 1
	case "end", "G":
		m.at = len(m.trace.Steps)
	case "enter":
		if n, err := strconv.Atoi(digits); err == nil {
			m.at = n
			m.move(0)
		}
	case "v":
		m.v8 = !m.v8
	case "p":
		m.playing = !m.playing
		m.beat++
		return m, m.next()
	case "+", "=":
		m.pause = max(m.pause/2, fastest)
	case "-":
		m.pause = min(m.pause*2, slowest)
	}
	return m, nil
}

// mark shows the next wave of mark and sweep at this step, from the first again after
// the sweep.
func (m model) mark() model {
	if m.marking == nil || m.waves > len(m.marking.Waves) {
		m.waves = -1
		m.marking, _ = simulate.At(m.trace, m.at, "") // which fails only for a cut
	}
	m.waves++
	m.playing = false
	return m
}

// move goes some steps, and no further than the trace.
func (m *model) move(by int) {
	m.at = min(max(m.at+by, 1), len(m.trace.Steps))
}

func (m model) next() tea.Cmd {
	if !m.playing {
		return nil
	}
	beat := m.beat
	return tea.Tick(m.pause, func(time.Time) tea.Msg { return tick{beat} })
}

func (m model) View() tea.View {
	p := m.painter
	// The head, the names of the panes, the sentence, the keys and what was printed
	// take their lines; stacked panes share the rest.
	p.lines = max(m.height-9, 4)
	if p.width < 100 {
		p.lines = max((m.height-10)/3, 3)
	}
	keys := "← → step  g G ends  12⏎ jump  p play  + - speed  v V8  m mark, sweep  q leave"
	if m.marking != nil {
		p.colours = m.marking.Colours(m.waves)
		keys = wave(m.marking, m.waves) + "  m goes on, Esc ends it"
	}
	if m.playing {
		keys = fmt.Sprintf("playing, %v a step: p stops, + - speed", m.pause)
	}
	if m.digits != "" {
		keys = "jump to step " + m.digits + " ⏎"
	}
	view := tea.NewView(p.step(m.trace, m.at) + "\n\n" + p.paint(faint, ansi.Truncate(keys, max(p.width, 1), "…")))
	view.AltScreen = true
	return view
}
