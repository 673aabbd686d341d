#!/bin/bash
# One run on one machine with all its threads, without MPI; saves its state and goes on after a stop.
#
#     sbatch configs/cluster/single_node.sh CONFIG [OPTIONS OF axolemma run]
#     sbatch --cpus-per-task=16 --time=4:00:00 configs/cluster/single_node.sh configs/mine.yaml
#
# The program is `axolemma` on the PATH, or the one that the variable AXOLEMMA names.

#SBATCH --job-name=axolemma
#SBATCH --output=%x-%j.log
#SBATCH --open-mode=append

# More threads than groups of cells are of no use; `axolemma check CONFIG` says how many groups there are.
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=2
#SBATCH --mem-per-cpu=200M
#SBATCH --time=1:00:00

# A minute before the time is up Slurm signals this script (B:), which passes the signal on.
#SBATCH --signal=B:USR1@60
#SBATCH --requeue

export OMP_NUM_THREADS=${SLURM_CPUS_PER_TASK:-1}

# Threads that wait for others give their core away at once. It costs microseconds per exchange of spikes, and where a core
# is shared with another process it spares most of the time.
export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-passive}

"${AXOLEMMA:-axolemma}" run --resume --set checkpoint.every='10 min' "$@" &
run=$!

# Signals that reach the script go on to the run: USR1 when the time is up, TERM when somebody stops the job.
time_is_up=no
trap 'time_is_up=yes; kill -USR1 $run' USR1
trap 'kill -TERM $run' TERM

wait $run
code=$?
while kill -0 $run 2>/dev/null; do # a signal ends `wait` before the run has ended
    wait $run
    code=$?
done

if [ $code -eq 75 ] && [ $time_is_up = yes ]; then
    echo "$(date '+%F %T') the time is up; back into the queue, to go on from the checkpoint"
    scontrol requeue "$SLURM_JOB_ID"
fi
exit $code
