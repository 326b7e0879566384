"use strict";

module.exports = {
  skipFiles: ["local/", "interfaces/"],
  istanbulReporter: ["json", "html", "text-summary"],
};
