package lab

import "strconv"

// InV8 says where V8 keeps a variable's value.
func (v Variable) InV8() string {
	slot := "on the stack"
	if v.Context {
		slot = "in a Context on the heap"
	}
	switch v.Value.Type {
	case "number":
		if smi(v.Value.Text) {
			return "small integer, " + slot
		}
		return "heap number, its reference " + slot
	case "string":
		return "string on the heap, its reference " + slot
	case "bigint", "symbol":
		return v.Value.Type + " on the heap, its reference " + slot
	case "undefined", "null", "boolean":
		return "one of V8's constants, its reference " + slot
	}
	return "reference " + slot
}

// smi tells whether V8 keeps a number in the slot itself: a whole number of 32
// bits (Node.js is built without pointer compression) that is not -0.
func smi(text string) bool {
	if text == "-0" {
		return false
	}
	_, err := strconv.ParseInt(text, 10, 32)
	return err == nil
}

// Difference tells in one sentence, to be read after "Textbook and V8:", what the
// textbook's picture of a step leaves out; "" where it has nothing to leave out.
func (s *Step) Difference() string {
	var context, text, double, integer string
	for _, f := range s.Frames {
		for _, v := range f.Variables {
			switch {
			case v.Context && context == "" && v.Value.Text != "undefined":
				context = v.Name
			case v.Value.Type == "string" && text == "":
				text = v.Name
			case v.Value.Type == "number" && smi(v.Value.Text) && integer == "":
				integer = v.Name
			case v.Value.Type == "number" && !smi(v.Value.Text) && double == "":
				double = v.Name
			}
		}
	}
	switch {
	case context != "":
		return context + " is captured by a function, so V8 keeps it in a Context on the heap, not on the stack."
	case text != "":
		return "the textbook puts " + text + " on the stack; V8 keeps every string on the heap, and only a reference in the slot."
	case double != "":
		return double + " is no 32-bit integer, so V8 keeps it in a heap number, and only a reference in the slot."
	case integer != "":
		return "they agree on " + integer + ": a small integer is in the slot itself."
	}
	return ""
}
