process.stderr.write('trainer: being built\n');
