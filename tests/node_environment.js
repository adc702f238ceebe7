// Emscripten gives programs an environment of its own; the tests ask for the host's.
Module['preRun'] = () => Object.assign(ENV, process.env);
