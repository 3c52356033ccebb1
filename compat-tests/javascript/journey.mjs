// The journey of compat-tests/journey.txt with the AWS SDK for JavaScript. Started by run.sh, which gives the COMPAT_ variables.

// A module adds its steps when it is imported: they run in this order, on resources that the first of them creates and the last deletes.
import './creation.mjs';
import './runs.mjs';
import './refusals.mjs';
import './listing.mjs';
import './pipeline.mjs';
import './fair-share.mjs';
import './service-jobs.mjs';
import './quota-shares.mjs';
import './deletion.mjs';
