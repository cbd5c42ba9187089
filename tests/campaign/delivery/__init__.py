"""The campaign of delivery: bookings rendered, uploaded and published over a line that fails in every way we know.

python -m tests.campaign.delivery [--faults 200] [--bookings 50] [--seed N] [--json FILE]
python -m tests.campaign.delivery --week [--speed 60]
"""
