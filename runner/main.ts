#!/usr/bin/env node
process.stderr.write('grid: being built\n');
