package leak

import (
	"strings"
	"testing"
)

// TestAdvice holds that each cause says what to change and shows it, in lines
// that fit a terminal.
func TestAdvice(t *testing.T) {
	causes := []Cause{
		ModuleVariable, AccidentalGlobal, ClosureContext, SharedContext, Timer, Listener, Cache, AsyncHook, PendingPromise, AsyncStorage,
		SlicedString, BufferPart, GrowingString, ExternalMemory, InstanceStore, StaticField, OpenConnections, LinkedList,
	}
	seen := map[string]Cause{}
	for _, c := range causes {
		text, example := c.advice()
		if other, ok := seen[text]; ok {
			t.Errorf("%s has the advice of %s", c, other)
		}
		seen[text] = c
		if example.Before == "" || example.After == "" || example.Before == example.After {
			t.Errorf("%s has no example", c)
		}
		for line := range strings.Lines(example.Before + "\n" + example.After) {
			if len(line) > 76 || strings.Contains(line, "\t") {
				t.Errorf("%s: %q does not fit", c, line)
			}
		}
	}
	if text, example := UnknownCause.advice(); text == "" || example != (Example{}) {
		t.Errorf("unknown: %q %v", text, example)
	}
}
