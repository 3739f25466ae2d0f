// Opens a snapshot with @vscode/v8-heap-parser and asks for the classes with
// their retained sizes.
'use strict';
const fs = require('fs');
const {decode_bytes, init_panic_hook} = require('@vscode/v8-heap-parser');
init_panic_hook();
const groups = decode_bytes(fs.readFileSync(process.argv[2])).get_class_groups(0, 50, false);
if (!groups.length) throw new Error('no classes');
