import { render } from 'preact';
import { App } from './app.js';
import { startFollowing } from './live/changes.js';
import { startSession } from './live/session.js';

await startSession();
startFollowing();
render(<App />, document.getElementById('page')!);
