#!/bin/bash
# One network over many processes (MPI ranks), each with several threads; saves its state and goes on after a stop.
#
#     sbatch configs/cluster/mpi_job.sh CONFIG [OPTIONS OF axolemma run]
#
# for example, with more of everything than the lines below ask for:
#
#     sbatch --ntasks=64 --time=8:00:00 configs/cluster/mpi_job.sh configs/mine.yaml -o results/mine.h5
#
# The program is `axolemma` on the PATH, or the one that the variable AXOLEMMA names. It must be built with MPI
# (axolemma --version tells), and the working directory must be one that all nodes see.

#SBATCH --job-name=axolemma
#SBATCH --output=%x-%j.log
#SBATCH --open-mode=append

# Ranks, and threads of each. A good start: one rank per socket or per group of cores that share an L3 cache, and as many
# threads as it has cores. `axolemma check CONFIG --ranks N --threads T` estimates time and memory.
#SBATCH --ntasks=2
#SBATCH --cpus-per-task=2
#SBATCH --mem-per-cpu=200M
#SBATCH --time=1:00:00

# Two minutes before the time is up Slurm signals this script (B:), which passes the signal on to the ranks. They finish
# the epoch they are in, save everything and end with exit code 75.
#SBATCH --signal=B:USR1@120
# Slurm may put the job back into the queue: after the failure of a node, for a more urgent job, or because we ask below.
#SBATCH --requeue

export OMP_NUM_THREADS=${SLURM_CPUS_PER_TASK:-1}
export SRUN_CPUS_PER_TASK=$OMP_NUM_THREADS # srun does not take it over from sbatch since Slurm 22.05

# Threads that wait for others give their core away at once. It costs microseconds per exchange of spikes, and where a core
# is shared with another process it spares most of the time.
export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-passive}

# --resume begins at t = 0 where there is no checkpoint, goes on where there is one, and does nothing when the result is
# complete. So the same script starts a run and continues it. A checkpoint every ten minutes bounds what a crash can cost;
# a later --set on the command line overrides it.
srun --mpi=pmix "${AXOLEMMA:-axolemma}" run --resume --set checkpoint.every='10 min' "$@" &
ranks=$!

time_is_up=no
trap 'time_is_up=yes; kill -USR1 $ranks' USR1

wait $ranks
code=$?
while kill -0 $ranks 2>/dev/null; do # a signal ends `wait` before the ranks have ended
    wait $ranks
    code=$?
done

if [ $code -eq 75 ] && [ $time_is_up = yes ]; then
    echo "$(date '+%F %T') the time is up; back into the queue, to go on from the checkpoint"
    scontrol requeue "$SLURM_JOB_ID"
fi
exit $code
