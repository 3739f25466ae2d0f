package exhibit

// Called is the exhibit's program, or its fix, as one that calls it three times: the
// files, and which of them is started.
func (e *Exhibit) Called(fixed bool) (files map[string]string, main string) {
	name, source := "leaky.js", e.Leaky
	if fixed {
		name, source = "fixed.js", e.Fixed
	}
	return map[string]string{
		name: source,
		"app.js": `const handle = require('./` + name + `');
const res = { end() {} };

(async () => {
  await handle({ id: 1 }, res);
  await handle({ id: 2 }, res);
  await handle({ id: 3 }, res);
})();
`,
	}, "app.js"
}
