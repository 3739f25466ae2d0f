package lint

import "strings"

// known are the names that Node.js, its modules and browsers give to a program:
// who assigns to one of them replaces it on purpose.
var known = func() map[string]bool {
	names := map[string]bool{}
	for name := range strings.FieldsSeq(knownNames) {
		names[name] = true
	}
	return names
}()

// knownNames are Object.getOwnPropertyNames(globalThis) of Node.js 26 without
// its newest classes, the parameters of a CommonJS module, and what browsers,
// workers and test runners have besides that programs assign to.
const knownNames = `
Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp Error AggregateError
EvalError RangeError ReferenceError SyntaxError TypeError URIError globalThis JSON Math Intl ArrayBuffer Atomics Uint8Array Int8Array
Uint16Array Int16Array Uint32Array Int32Array Float16Array Float32Array Float64Array Uint8ClampedArray BigUint64Array BigInt64Array DataView
Map BigInt Set Iterator WeakMap WeakSet WeakRef Proxy Reflect FinalizationRegistry DisposableStack AsyncDisposableStack SuppressedError
decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape eval isFinite isNaN console SharedArrayBuffer WebAssembly Temporal
process global GLOBAL root Buffer URL URLSearchParams Navigator navigator crypto Crypto CryptoKey SubtleCrypto performance fetch FormData
Headers Request Response MessageEvent WebSocket EventSource Event EventTarget MessageChannel MessagePort AbortController AbortSignal
structuredClone atob btoa queueMicrotask setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate TextEncoder TextDecoder
Blob File BroadcastChannel DOMException ReadableStream WritableStream TransformStream CompressionStream DecompressionStream Storage
localStorage sessionStorage require module exports __filename __dirname
window self document location history frames parent top opener event name status onmessage onerror onload onunload onbeforeunload onpopstate
onhashchange onresize onscroll onclick onkeydown onkeyup onfetch oninstall onactivate postMessage importScripts XMLHttpRequest Image alert
describe it test expect before after beforeEach afterEach beforeAll afterAll jest vi sinon assert should chai
regeneratorRuntime jQuery $ _ angular React Vue ko Backbone define requirejs`
