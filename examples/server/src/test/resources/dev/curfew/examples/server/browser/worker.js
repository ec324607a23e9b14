"use strict";

// The service worker: what it needs of the recipe is named by its address.

importScripts(...new URL(location).searchParams.getAll("script"), "/browser/rounds.js");

// A worker that nobody talks to is stopped. So each round begins with a message, and keeps it until the report.
addEventListener("message", (event) => event.waitUntil(takePart("worker")));
