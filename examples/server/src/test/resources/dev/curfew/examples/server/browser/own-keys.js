"use strict";

// Spoils the recipe of refresh.js: each draws a key of its own, and nobody waits for anybody.

alone = (work) => work();
attemptKey = async () => crypto.randomUUID();
