package node

import "testing"

// TestRunHarmless starts ticks in a program that lives on its own: none of them,
// and none of the program's, may be lost. In the middle of its code, as [Thread.Evaluate]
// comes, one of some hundreds stops Node.js 20 from running any tick ever after.
func TestRunHarmless(t *testing.T) {
	eachNode(t, func(t *testing.T, bin string) {
		p, _ := start(t, bin, "-e", `globalThis.own = globalThis.ours = 0;
			const turn = () => { own++; setImmediate(() => process.nextTick(turn)); };
			turn();`)
		count := func() (n struct{ Own, Ours int }) {
			t.Helper()
			if err := p.Evaluate(t.Context(), "({ own, ours })", &n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		const runs = 4000
		for range runs {
			if err := p.Run(t.Context(), "void process.nextTick(() => ours++)"); err != nil {
				t.Fatal(err)
			}
		}
		before := count().Own
		wait(t, "the program's ticks, and ours, run", func() bool {
			n := count()
			return n.Own > before && n.Ours == runs
		})
	})
}
