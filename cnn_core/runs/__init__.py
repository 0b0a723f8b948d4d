"""A training as a folder, a queue and a process: what is written, who trains next, who does it.

May import `series`, `studies`, `training` and everything below.

    a run's folder     records (paths, spec, lock), ownership (whose it is), about (title, note, kept), naming,
                       events, event_file (reading them), folding (what they add up to), saved_state, cards,
                       kept_weights, predictions, history (a whole run), moments (whose weights are
                       kept), travel (what the network answered then)
    what leaves        bundle (one zip), onnx_file (in a process of its own)
    many runs          names (their folders in order), listing (lists of them), live (those that are watched),
                       recent (what is remembered of them), comparison (what differs between them)
    the queue          jobs (what a visitor may do), admission (how a run gets in), places (whether there is one more),
                       line (who is next), forecast and speed (what it will take)
    the process        launcher, watcher (starts and buries workers), allowed (what a run may take), inbox, execution,
                       batch_log, learning_rates, command, errors
    experiments        series (one on disk), following (its runs one after another), series_cost (what it will take)
    what ends          endings, recovery (after a crash), deletion, clearing (old ones), space (disk taken),
                       retry, unhurried
"""
