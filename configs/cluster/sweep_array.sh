#!/bin/bash
# A sweep as a job array: every task runs its share of the points. `axolemma sweep CONFIG --slurm` writes and submits such a
# script by itself; this one is for clusters that ask for more, and explains the lines.
#
#     sbatch configs/cluster/sweep_array.sh CONFIG [OPTIONS OF axolemma sweep]
#
#     axolemma status CONFIG      how far it is, while it runs
#     axolemma collect CONFIG     one table of all points, when it is done
#
# Submitted again it runs what is left: points that were not reached, those of tasks that were stopped or killed, and with
# --retry-failed those that failed. The program is `axolemma` on the PATH, or the one that the variable AXOLEMMA names.

#SBATCH --job-name=axolemma-sweep
#SBATCH --output=%x-%A_%a.log
#SBATCH --open-mode=append

# Tasks 0 to 7: eight shards. Another number has to be given twice: SHARDS=100 sbatch --array=0-99 ...
# At most 20 of them at a time would be --array=0-99%20.
#SBATCH --array=0-7
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=200M
#SBATCH --time=1:00:00

# A minute before the time is up the task is told to stop (B: the script itself, which exec turns into the program). It
# saves the points it has finished and ends with exit code 75.
#SBATCH --signal=B:TERM@60
# A task whose node fails, or that makes room for a more urgent job, goes back into the queue.
#SBATCH --requeue

shards=${SHARDS:-8} # not $SLURM_ARRAY_TASK_COUNT, which is less when only some tasks are submitted again
threads=${SLURM_CPUS_PER_TASK:-1}

# Shard i of n has the points i, i + n, i + 2n, ...: neighbouring points often take similarly long.
exec "${AXOLEMMA:-axolemma}" sweep "$@" --threads "$threads" --shard "$SLURM_ARRAY_TASK_ID/$shards"
