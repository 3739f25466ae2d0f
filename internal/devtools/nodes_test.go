package devtools

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestNodeDumps(t *testing.T) {
	b, add := withRoot()
	a := add("object", "Quote \"\xED\xA0\x80", 16)
	b.Location(a, 7, 3, 0)
	b.Set(a, "trace_node_id", 5)
	context := add("native", "system / NativeContext", 8)
	b.Set(context, "detachedness", 2)
	plain := add("object", "Object", 24)
	b.Edge(context, "property", "p", plain)
	b.Edge(plain, "property", "\u2028", a)
	b.Node("hidden", "garbage", 4)
	v := view(t, b)
	var csv, lines strings.Builder
	if err := errors.Join(v.NodesCSV(t.Context(), &csv), v.NodesNDJSON(t.Context(), &lines)); err != nil {
		t.Fatal(err)
	}
	want := `ordinal,id,type,selfSize,retainedSize,distance,dominatorId,detachedness,flags,edgeCount,retainerCount,nativeContextId,traceNodeId
0,1,synthetic,0,52,100000000,1,0,0,3,0,-1,0
1,3,object,16,16,1,1,0,1,0,2,5,5
2,5,native,8,8,1,1,2,3,1,1,5,0
3,7,object,24,24,1,1,0,1,1,2,5,0
4,9,hidden,4,4,-5,1,0,0,0,0,-1,0
`
	if csv.String() != want {
		t.Errorf("CSV\n%s\nwant\n%s", csv.String(), want)
	}
	want = `["ordinal","id","type","rawName","name","className","classKey","selfSize","retainedSize","distance","dominatorId","detachedness","flags","edgeCount","retainerCount","nativeContextId","traceNodeId","location"]
[0,1,"synthetic","","","(synthetic)",",(synthetic)",0,52,100000000,1,0,0,3,0,-1,0,""]
[1,3,"object","Quote \"\ud800","Quote \"\ud800","Quote \"\ud800","7,3,0,Quote \"\ud800",16,16,1,1,0,1,0,2,5,5,"7,3,0"]
[2,5,"native","Detached system / NativeContext","Detached system / NativeContext","Detached system / NativeContext",",Detached system / NativeContext",8,8,1,1,2,3,1,1,5,0,""]
[3,7,"object","Object","{` + "\u2028" + `}","Object",",Object",24,24,1,1,0,1,1,2,5,0,""]
[4,9,"hidden","garbage","garbage","(system)",",(system)",4,4,-5,1,0,0,0,0,-1,0,""]
`
	if lines.String() != want {
		t.Errorf("NDJSON\n%s\nwant\n%s", lines.String(), want)
	}
}

func TestNodeDumpStops(t *testing.T) {
	v := view(t, sixNodes())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := v.NodesCSV(ctx, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
