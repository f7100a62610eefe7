"""What one fund manager asks for and another approves: nothing that takes two people is booked before."""
