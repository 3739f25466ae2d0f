#!/usr/bin/env node
// node npm/pack.js VERSION OUT SYSTEM=PROGRAM...: the packages of npm, as files in the folder
// OUT: that with the command plumb, and one for each SYSTEM (linux-x64, linux-arm64,
// darwin-x64, darwin-arm64) with its PROGRAM. Nothing is published.
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const [version, out, ...systems] = process.argv.slice(2);
if (!systems.length || !systems.every((s) => s.includes('='))) {
  console.error('usage: node npm/pack.js VERSION OUT SYSTEM=PROGRAM...');
  process.exit(2);
}
const root = path.dirname(__dirname);
const main = JSON.parse(fs.readFileSync(path.join(__dirname, 'plumb', 'package.json'), 'utf8'));
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'plumb-npm-'));

// pack makes OUT/NAME-VERSION.tgz of a folder.
function pack(dir, manifest) {
  fs.writeFileSync(path.join(dir, 'package.json'), JSON.stringify(manifest, null, 2) + '\n');
  fs.copyFileSync(path.join(root, 'LICENSE'), path.join(dir, 'LICENSE'));
  const name = execFileSync('npm', ['pack', '--silent', '--pack-destination', path.resolve(out)], { cwd: dir, encoding: 'utf8' });
  console.log(path.join(out, name.trim()));
}

fs.mkdirSync(out, { recursive: true });
try {
  for (const system of systems) {
    const [target, program] = system.split('=');
    const name = `@plumb-dev/${target}`;
    if (!main.optionalDependencies[name]) throw new Error(`npm/plumb/package.json does not know ${name}`);
    const dir = path.join(work, target);
    fs.mkdirSync(path.join(dir, 'bin'), { recursive: true });
    fs.copyFileSync(program, path.join(dir, 'bin', 'plumb'));
    fs.chmodSync(path.join(dir, 'bin', 'plumb'), 0o755);
    fs.writeFileSync(path.join(dir, 'README.md'), `# ${name}\n\nThe program of [@plumb-dev/plumb](https://www.npmjs.com/package/@plumb-dev/plumb), which installs it, for this system.\n`);
    const [platform, cpu] = target.split('-');
    pack(dir, {
      name, version, description: `plumb for ${target}`, homepage: main.homepage,
      repository: { ...main.repository, directory: 'npm' }, license: main.license,
      // preferUnplugged: Yarn must not keep a program inside an archive.
      os: [platform], cpu: [cpu], preferUnplugged: true, files: ['bin'],
    });
  }
  const dir = path.join(work, 'plumb');
  fs.cpSync(path.join(__dirname, 'plumb'), dir, { recursive: true });
  const optionalDependencies = Object.fromEntries(Object.keys(main.optionalDependencies).map((name) => [name, version]));
  pack(dir, { ...main, version, optionalDependencies });
} finally {
  fs.rmSync(work, { recursive: true, force: true });
}
