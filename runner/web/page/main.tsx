import { render } from 'preact';
import { App } from './app.js';
import { startFollowing } from './live/changes.js';
import { startSession } from './live/session.js';

// Painted before anything is known.
render(<App />, document.getElementById('page')!);
await startSession();
startFollowing();
