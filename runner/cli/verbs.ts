/** The verbs in the order of `grid --help`. Adding one: an entry here and its handler in `verbs/`. */
import type { Define, Verb } from './verb.js';

const verb: Define = definition => definition;

export const verbs: readonly Verb[] = [
  verb({
    usage: 'run <file>',
    summary: 'run a grid: what is new, and what was interrupted',
    description:
      'Checks a grid file, plans it, and runs what isn’t done yet. Ctrl-C finishes the running epochs and stops; the same command goes on where it stopped. Failed cells are left until `grid retry`.',
    examples: [
      'grid run grids/quickstart.yaml',
      'grid run grids/resnet-sweep.yaml --slots grids/slots.example.yaml --note "with label smoothing"',
      'grid run grids/resnet-sweep.yaml --rerun-stale --plain > run.log',
      'grid run grids/resnet-sweep.yaml --shard 2/5   # and the other shards elsewhere; then `grid merge`',
    ],
    options: [
      'slots',
      'shard',
      'maxHours',
      'deadline',
      'budget',
      'rerunStale',
      'dryRun',
      'note',
      'noAsk',
      'telegram',
      'serve',
      'listen',
      'plain',
      'jsonEvents',
    ],
    load: async () => (await import('./verbs/run.js')).runGrid,
  }),
  verb({
    usage: 'plan <file>',
    summary: 'say what a run of a grid would do, and how long it would take',
    description:
      'Checks a grid file and says for every cell whether it is new, completed, interrupted, failed or stale, and why; lists results that are no longer in the grid; estimates cost and finish, with --slots also which slot would run how much, until when, and for how much (`price:`). Runs nothing.',
    examples: [
      'grid plan grids/resnet-sweep.yaml',
      'grid plan grids/resnet-sweep.yaml --probe',
      'grid plan grids/resnet-sweep.yaml --json',
    ],
    options: ['slots', 'shard', 'rerunStale', 'probe', 'json'],
    load: async () => (await import('./verbs/plan.js')).planGrid,
  }),
  verb({
    usage: 'status',
    summary: 'how far the grids are',
    description:
      'Says for each grid how many cells are in which state, what runs where, and what failed why; with --watch also what the slots of running grids do.',
    examples: ['grid status', 'grid status --grid resnet-sweep --json', 'grid status --watch'],
    options: ['anyGrid', 'json', 'watch'],
    load: async () => (await import('./verbs/status.js')).showStatus,
  }),
  verb({
    usage: 'leaderboard',
    summary: 'rank the results of a grid',
    description:
      'Ranks the results of a grid. Cells that differ only in their seed are one row with mean ± standard deviation; each row says what it rests on.',
    explain: async () => (await import('../leaderboard/ranks-explained.js')).ranksExplained,
    examples: [
      'grid leaderboard --top 10',
      'grid leaderboard --grid resnet-sweep --group-by model,optimizer',
      'grid leaderboard --markdown > leaderboard.md',
      'grid leaderboard --watch',
    ],
    options: ['whichGrid', 'groupBy', 'topRows', 'json', 'csv', 'markdown', 'watch'],
    load: async () => (await import('./verbs/leaderboard.js')).showLeaderboard,
  }),
  verb({
    usage: 'report [grid]',
    summary: 'write a report: one page that needs nothing beside it, and Markdown',
    description:
      'Writes what a grid came to: data, settings, curves of each model, leaderboard, effects, failures, cost, what could have helped. Every sentence that compares has a receipt: what it rests on, and the command that gives it again. With --verify all of them are computed again from the results, and the exit code is 1 where one no longer holds.',
    examples: [
      'grid report',
      'grid report resnet-sweep --out report',
      'grid report --verify report/report.html',
    ],
    options: ['reportFolder', 'verify', 'json'],
    load: async () => (await import('./verbs/report.js')).reportGrid,
  }),
  verb({
    usage: 'effects [grid]',
    summary: 'what each axis does, and whether that can be told from chance',
    description:
      'Compares the values of each axis where everything else is the same: a pair is a combination of the other axes, its seeds averaged. Says who won how many pairs, by how much (95% interval), and whether that holds with all claims of the page looked at together; what failures have in common; what trying more settings bought; and what it would cost to decide what is undecided.',
    explain: async () => (await import('../conclusions/effects/explained.js')).effectsExplained,
    examples: ['grid effects', 'grid effects resnet-sweep --axis optimizer', 'grid effects --json'],
    options: ['axis', 'atEpoch', 'json'],
    load: async () => (await import('./verbs/effects.js')).showEffects,
  }),
  verb({
    usage: 'stopping [grids...]',
    summary:
      'what a stopping block would have spared finished grids, and whether it would have kept the best',
    description:
      'Replays a stopping block on cells that were trained to their end: how many would have gone on at each rung, epochs and time spared, whether the best, and those that can’t be told from it, would have been kept, and how well the order at a rung foretells that at the end. The words of the block are options; what isn’t named is as the block has it by default. Changes nothing.',
    examples: [
      'grid stopping --replay resnet-sweep',
      'grid stopping --replay resnet-sweep --rungs 1/4,1/2 --keep 1/2 --margin 0',
      'grid stopping --replay resnet-sweep --within scheduler --never optimizer=sgd',
    ],
    options: [
      'replay',
      'rungs',
      'keep',
      'after',
      'rungValue',
      'margin',
      'judgedSeeds',
      'within',
      'never',
      'diverged',
      'json',
    ],
    load: async () => (await import('./verbs/stopping.js')).replayStopping,
  }),
  verb({
    usage: 'next [grid]',
    summary: 'write the next grid, by what the results suggest',
    description:
      'Writes a grid file: the grid’s own with a value beyond the end of an axis where the best one lies, more epochs where curves still rise, regularization where they overfit, more patience where a plateau came too early, without values that never won. Comments say what each rests on, and what it would cost. Overwrites nothing; `grid plan` takes it as it is.',
    examples: ['grid next', 'grid next resnet-sweep --out grids/second.yaml && grid plan grids/second.yaml'],
    options: ['nextFile', 'json'],
    load: async () => (await import('./verbs/next.js')).writeNextGrid,
  }),
  verb({
    usage: 'confirm [grid]',
    summary: 'train the settings that may be the best again, with fresh seeds',
    description:
      'Trains those settings of a grid that may be the best with seeds that no cell of it has, and keeps them apart: whoever was chosen for its values was lucky, too, and fresh seeds alone say by how much. They are a grid of their own, NAME/confirm; the same command goes on where it stopped, and more --seeds add to those that there are. Leaderboard and report show both.',
    examples: ['grid confirm --dry-run', 'grid confirm resnet-sweep --top 3 --seeds 5'],
    options: [
      'finalists',
      'freshSeeds',
      'dryConfirm',
      'slots',
      'maxHours',
      'deadline',
      'budget',
      'rerunStale',
      'note',
      'telegram',
      'serve',
      'listen',
      'plain',
      'jsonEvents',
    ],
    load: async () => (await import('./verbs/confirm.js')).confirmGrid,
  }),
  verb({
    usage: 'compare <cells...>',
    summary: 'two cells or more beside each other: settings, curves, classes, and whether they differ',
    description:
      'Puts cells beside each other: settings that differ, values, curves, classes and confusions of the first two, and whether the difference can be told from chance. A cell is named by the beginning of its id, or by labels with commas between; it stands for all seeds of its setting, unless two seeds of one are named.',
    examples: [
      'grid compare 3fa1 77c0',
      'grid compare r18,sgd,cosine r34,sgd,cosine',
      'grid compare 3fa1 77c0 99bc --json',
    ],
    options: ['whichGrid', 'json'],
    load: async () => (await import('./verbs/compare.js')).compareCells,
  }),
  verb({
    usage: 'show <cell>',
    summary: 'show a cell: settings, runs, epochs, notes',
    description:
      'Shows a cell, named by the beginning of its id: settings, runs, metrics of every epoch, notes, folder; or its curves.',
    examples: ['grid show 3fa1', 'grid show 3fa1 --plot', 'grid show 3fa1 --json'],
    options: ['plot', 'json'],
    load: async () => (await import('./verbs/show.js')).showCell,
  }),
  verb({
    usage: 'logs <cell>',
    summary: 'print the log of a cell',
    description:
      'Prints what trainer and runner said in all runs of a cell, named by the beginning of its id. With --follow also what they say from now on, wherever it runs and however often it is tried again, until the cell is over.',
    examples: ['grid logs 3fa1', 'grid logs 3fa1 --follow'],
    options: ['follow', 'json'],
    load: async () => (await import('./verbs/logs.js')).printLogs,
  }),
  verb({
    usage: 'serve [grid]',
    summary: 'a page in the browser: watch the grids, and steer them',
    description:
      'Serves a page on this machine that shows the results as they come: matrix, leaderboard, curves, logs, slots. From this machine anyone may look; who opens the printed address with its token may also pause, resume, cancel, retry and note, and look from elsewhere. Runs until Ctrl-C; grids run on without it.',
    examples: [
      'grid serve',
      'grid serve resnet-sweep --share',
      'grid serve --listen 0.0.0.0:7464 --certificate box.pem --key box.key',
    ],
    options: ['listen', 'share', 'hostName', 'certificate', 'key', 'insecurePage'],
    load: async () => (await import('./verbs/serve.js')).serve,
  }),
  verb({
    usage: 'watch [grids...]',
    summary: 'tell people when a runner is gone without a word',
    description:
      'Watches the grids of the results folder, or those that are named, from another process than their runners, and tells the places of --telegram and of `notify:` in the slots file when a runner is gone without a word: killed, or its machine is. Runs until Ctrl-C.',
    examples: ['grid watch --telegram', 'grid watch resnet-sweep --slots slots.yaml'],
    options: ['notifySlots', 'telegram'],
    load: async () => (await import('./verbs/watch.js')).watchGrids,
  }),
  verb({
    usage: 'telegram <action>',
    summary: 'bring a Telegram bot and a chat together: setup',
    description:
      'Walks through what `--telegram` needs: takes the bot’s token, says who it is, waits for a code to be written to it in the chat that is to be told, sends a test message, and keeps token and chat in a file that only you can read. Once more in another chat adds that one.',
    examples: ['grid telegram setup', 'grid telegram setup --token-file token.txt'],
    options: ['botTokenFile'],
    load: async () => (await import('./verbs/telegram.js')).telegram,
  }),
  verb({
    usage: 'predict [cells...]',
    summary: 'classify images with trained cells: a submission',
    description:
      'Classifies the images of a folder or zip and writes a CSV. With --slots images and samples are looked for where that slot is. Several cells are an ensemble: the mean of their probabilities. An image that can’t be read is named, gets the row of the mean of all others, and makes the exit code 1.',
    examples: [
      'grid predict 3fa1 --images data/test.zip --sample data/sample_submission.csv',
      'grid predict --top 5 --images data/test.zip --tta flip --fit-weights --out submission.csv',
      'grid predict 3fa1 77c0 --images photos --columns Id,Category --probabilities probabilities.npy',
    ],
    options: [
      'classified',
      'submission',
      'topCells',
      'whichGrid',
      'weights',
      'columns',
      'sample',
      'tta',
      'fitWeights',
      'probabilities',
      'batchSize',
      'askedSlots',
      'askedEntry',
      'json',
    ],
    load: async () => (await import('./verbs/predict.js')).predict,
  }),
  verb({
    usage: 'embed <cell>',
    summary: 'features of images: nearest neighbours, and what they know',
    description:
      'Takes what goes into a cell’s last layer for the features of an image. Tells how often the nearest training images (by the cosine) have the class of a validation image, shows the neighbours of images, and writes features to a file.',
    examples: [
      'grid embed 3fa1',
      'grid embed 3fa1 --image train/000042.jpg photo.png --page neighbours.html',
      'grid embed 3fa1 --images data/test.zip --out features.npy',
    ],
    options: [
      'weights',
      'votes',
      'queries',
      'neighbours',
      'page',
      'features',
      'otherImages',
      'batchSize',
      'askedSlots',
      'askedEntry',
      'json',
    ],
    load: async () => (await import('./verbs/embed.js')).embed,
  }),
  verb({
    usage: 'retry [cells...]',
    summary: 'queue failed cells again',
    description:
      'Queues cells again: a `grid run` that has them takes them at once, else the next one, from their last finished epoch. What has been measured so far is kept.',
    examples: ['grid retry --failed', 'grid retry 3fa1 99bc && grid run grids/resnet-sweep.yaml'],
    options: ['failed', 'anyGrid'],
    load: async () => (await import('./verbs/retry.js')).retryCells,
  }),
  verb({
    usage: 'note <cell> <text>',
    summary: 'keep a comment with a cell',
    description:
      'Keeps a comment with a cell; the leaderboard shows the last one. An empty text takes it away.',
    examples: ['grid note 3fa1 "overfits after epoch 12"', 'grid note 3fa1 ""'],
    options: [],
    load: async () => (await import('./verbs/note.js')).noteCell,
  }),
  verb({
    usage: 'agent',
    summary: 'offer this machine’s slots to a grid run elsewhere',
    description:
      'Offers the slots of this machine to a `grid run` on another one, trains what it gives them, and sends back what they tell and their checkpoints. It goes on training while it is cut off, and is found again. `grid run` needs `backend: agents` in its slots file, and makes tokens by `grid token new`. --notebook, said where `grid run` is, prints a cell for Jupyter, Kaggle or Colab, with a token of these results that lets in one agent; the other options are then those of the agent there.',
    examples: [
      'grid agent --server https://box.example:7463 --token-file token.txt',
      'grid agent --server http://127.0.0.1:7463 --hours 11.5 --slots slots.yaml',
      'grid agent --notebook --server https://box.example:7463 --hours 11.5',
    ],
    options: [
      'server',
      'sharedFolder',
      'tokenFile',
      'agentName',
      'agentHome',
      'sentData',
      'keepGb',
      'slots',
      'hours',
      'once',
      'allowCommand',
      'insecureServer',
      'uploadLimit',
      'notebook',
      'askToken',
    ],
    load: async () => (await import('./verbs/agent.js')).runAgent,
  }),
  verb({
    usage: 'token <action> [name]',
    summary: 'make, list or revoke the tokens of agents: new, list, revoke',
    description:
      'Makes a token that agents come with to grid runs of this results folder (new NAME), lists them, or revokes those of a name or id. A token is shown once: only its hash is kept. Agents with a revoked one lose their slots at once.',
    examples: ['grid token new box', 'grid token list', 'grid token revoke box'],
    options: ['enrolOnce', 'json'],
    load: async () => (await import('./verbs/token.js')).tokens,
  }),
  verb({
    usage: 'pause [cells...]',
    summary: 'hold cells back, or the whole grid',
    description:
      'Holds cells back until they are resumed: running ones after their epoch, others at once. Works on a running grid from any terminal, and stays through restarts. Without cells: all that is left of the grid.',
    examples: ['grid pause', 'grid pause 3fa1 77c0'],
    options: ['runningGrid', 'json'],
    load: async () => (await import('./verbs/pause.js')).pauseCells,
  }),
  verb({
    usage: 'resume [cells...]',
    summary: 'let paused cells go on',
    description:
      'Puts paused cells back into the queue, where they go on from their last epoch. Without cells: all of the grid.',
    examples: ['grid resume', 'grid resume 3fa1'],
    options: ['runningGrid', 'json'],
    load: async () => (await import('./verbs/resume.js')).resumeCells,
  }),
  verb({
    usage: 'cancel <cells...>',
    summary: 'end cells for good',
    description:
      'Ends cells early: running ones now, with the epochs that they have finished; others are never started. They count as done; `grid retry` takes it back.',
    examples: ['grid cancel 3fa1 77c0'],
    options: ['json'],
    load: async () => (await import('./verbs/cancel.js')).cancelCells,
  }),
  verb({
    usage: 'drain [slot]',
    summary: 'take a slot out of use, or end the run',
    description:
      'Gives no more cells to a slot of a running grid; what runs on it goes on to its end. Without a slot: no more cells at all, and the running ones end after their epoch, as with Ctrl-C.',
    examples: ['grid drain', 'grid drain local/cpu1'],
    options: ['runningGrid', 'json'],
    load: async () => (await import('./verbs/drain.js')).drainSlot,
  }),
  verb({
    usage: 'join [slots.yaml]',
    summary: 'bring more slots to a running grid',
    description:
      'Opens the slots of a slots file beside those that a running grid has, once they are found to have the same data and an engine that fits; those that it has already stay as they are. Without a file: what this machine has, drained slots and those that were out of use among them.',
    examples: ['grid join more-slots.yaml', 'grid join'],
    options: ['runningGrid', 'json'],
    load: async () => (await import('./verbs/join.js')).joinGrid,
  }),
  verb({
    usage: 'priority <cell> <n>',
    summary: 'run a cell before others',
    description:
      'Gives a cell a priority: higher is run first, 0 is usual, below 0 is later. Works on a running grid, and stays.',
    examples: ['grid priority 3fa1 10'],
    options: ['json'],
    load: async () => (await import('./verbs/priority.js')).setPriority,
  }),
  verb({
    usage: 'data <source>',
    summary: 'show what a data set holds',
    description:
      'Looks at all images of a data set, that of a grid file or a folder: samples, images per class, mean and standard deviation per channel, sizes, duplicates, and leaks between training and validation. Writes PNG and SVG files and a page with all of it, prints a summary.',
    examples: [
      'grid data grids/resnet-sweep.yaml --augmented',
      'grid data ../data/tiny-imagenet-40 --out report',
      'grid data grids/quickstart.yaml --json',
    ],
    options: ['augmented', 'cell', 'reportFolder', 'imagesPerClass', 'askedSlots', 'askedEntry', 'json'],
    load: async () => (await import('./verbs/data.js')).reportData,
  }),
  verb({
    usage: 'lr-find <file>',
    summary: 'try learning rates on a cell of a grid',
    description:
      'Learning-rate range test (Smith 2015): trains a cell from scratch with a rate that grows from step to step until the loss diverges, and suggests rates: where the loss falls fastest, and a tenth of the one with the lowest loss. The cell’s own rate and schedule play no part, and its results are not touched.',
    examples: [
      'grid lr-find grids/quickstart.yaml',
      'grid lr-find grids/resnet-sweep.yaml --cell resnet18,sgd,cosine,flip-crop',
      'grid lr-find grids/resnet-sweep.yaml --steps 300 --max 1 --json',
    ],
    options: [
      'cell',
      'rateSteps',
      'lowestRate',
      'highestRate',
      'threads',
      'chartFile',
      'askedSlots',
      'askedEntry',
      'json',
    ],
    load: async () => (await import('./verbs/lr-find.js')).findRate,
  }),
  verb({
    usage: 'profile <target>',
    summary: 'say where the time of a training step goes',
    description:
      'Trains a few steps of a cell (named by the beginning of its id, or the first one of a grid file) and says where the time goes: by kernel and by layer, forward and backward, the optimizer, waiting for data; images a second and peak memory. Writes nothing.',
    examples: [
      'grid profile grids/quickstart.yaml',
      'grid profile grids/resnet-sweep.yaml --cell resnet34,adamw,cosine,plain --steps 10',
      'grid profile 3fa1 --engine wasm --json',
    ],
    options: ['cell', 'profiledSteps', 'threads', 'askedSlots', 'askedEntry', 'json'],
    load: async () => (await import('./verbs/profile.js')).profileCell,
  }),
  verb({
    usage: 'export',
    summary: 'print all metrics of all epochs',
    description:
      'Prints a row for each epoch of each cell, with all its metrics; or writes them for TensorBoard, once more each time it is called.',
    examples: [
      'grid export --csv > epochs.csv',
      'grid export --json --grid resnet-sweep',
      'grid export --tensorboard logs && tensorboard --logdir logs',
    ],
    options: ['anyGrid', 'csv', 'json', 'tensorboard'],
    load: async () => (await import('./verbs/export.js')).exportMetrics,
  }),
  verb({
    usage: 'merge <others...>',
    summary: 'bring the results of other folders into this one',
    description:
      'Brings what other results folders have into this one (--results): grids, cells, runs, epochs, notes, checkpoints, logs. The others stay as they are. What is there already is nothing to do; of a cell that both have, the one that is further is taken, and the other is kept in the set-aside/ of its folder. Two different results of one cell are reported and left as they are, until --prefer says which is kept. May be killed and called again.',
    examples: [
      'grid merge /mnt/usb/results',
      'grid merge shard-2/results shard-3/results --results all',
      'grid merge ../other/results --prefer theirs --json',
    ],
    options: ['prefer', 'json'],
    load: async () => (await import('./verbs/merge.js')).merge,
  }),
  verb({
    usage: 'rebuild',
    summary: 'make a new store from the cells’ folders',
    description:
      'Makes a new store from the folders of grids and cells when the old one is damaged; the old one is moved aside. Of cells that were last run before they had a record, notes, failures and earlier runs are lost.',
    examples: ['grid rebuild', 'grid rebuild --results /mnt/results'],
    options: [],
    load: async () => (await import('./verbs/rebuild.js')).rebuild,
  }),
  verb({
    usage: 'doctor',
    summary: 'which engines and slots this machine has, and how to get a better engine',
    description:
      'Says which engines, devices and slots this machine has, and the command that gets a better engine. With --slots: tries every entry of the file, hosts behind ssh among them, and says what each lacks; exit code 1 if one lacks something.',
    examples: ['grid doctor', 'grid doctor --slots grids/slots.example.yaml', 'grid doctor --json'],
    options: ['slots', 'json'],
    load: async () => (await import('./verbs/doctor.js')).diagnose,
  }),
  verb({
    usage: 'setup',
    summary: 'get the native engine',
    description:
      'Gets the native engine: finds the TensorFlow that Python has, or installs one into a private folder, and links it. What is there already stays, unless forced.',
    examples: ['grid setup', 'grid setup --force'],
    options: ['force', 'json'],
    load: async () => (await import('./verbs/setup.js')).setUp,
  }),
  verb({
    usage: 'schema',
    summary: 'print the JSON Schema of grid files',
    description: 'Prints the JSON Schema of grid files, for editors.',
    examples: [
      'grid schema > grid.schema.json',
      '# and in the grid file:',
      '# yaml-language-server: $schema=grid.schema.json',
    ],
    options: [],
    load: async () => (await import('./verbs/schema.js')).printSchema,
  }),
  verb({
    usage: 'complete <shell>',
    summary: 'print what makes a shell complete commands: bash, zsh, fish',
    description:
      'Prints a script that makes a shell complete what `grid` takes with Tab: commands, options and their values, grids, axes, slots and the ids of cells.',
    examples: [
      'source <(grid complete bash)    # in ~/.bashrc',
      'source <(grid complete zsh)     # in ~/.zshrc, after compinit',
      'grid complete fish > ~/.config/fish/completions/grid.fish',
    ],
    options: [],
    load: async () => (await import('./verbs/complete.js')).printCompletion,
  }),
  verb({
    usage: 'version',
    summary: 'print the versions',
    description: 'Prints the versions of gridfarm, of its trainer, and of Node.',
    examples: ['grid version', 'grid version --json'],
    options: ['json'],
    load: async () => (await import('./verbs/version.js')).printVersions,
  }),
];
