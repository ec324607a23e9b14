package dev.curfew.subject;

/**
 * Hears how far a bulk has come, and may stop it. Called on the thread of the run, between two subjects.
 */
@FunctionalInterface
public interface BulkProgress {
    /** How often it is told, unless it says otherwise: after each hundred subjects. */
    int USUAL_STEP = 100;

    /**
     * Hears of the progress of this run.
     *
     * @param done how many subjects' sessions have ended
     * @param failed how many subjects could not be dealt with
     * @return whether to go on; a run that is stopped says where to resume it
     */
    boolean goesOn(long done, long failed);

    /** {@return after how many subjects it wants to be told, positive} */
    default int every() {
        return USUAL_STEP;
    }
}
